//! `chainrule list`

use crate::arguments::List;
use crate::exit::Exit;
use chainrule_record::text::shown;
use chainrule_runner::reference::{Family, families};
use chainrule_runner::spec::suggestion;

/// Lists the items that experiments can name.
pub(crate) fn list(arguments: &List) -> anyhow::Result<Exit> {
    let families = families();
    let Some(setting) = &arguments.setting else {
        families.iter().for_each(overview);
        say!("`chainrule list SETTING` describes the items of one setting in full");
        return Ok(Exit::Well);
    };
    let Some(family) = families.iter().find(|family| family.setting == setting) else {
        let names: Vec<_> = families.iter().map(|family| family.setting).collect();
        anyhow::bail!("`{}` has no items to list; {}", shown(setting), suggestion(setting, &names));
    };
    family.items.iter().for_each(|item| {
        say!("{}", item.name);
        item.doc.iter().for_each(|line| say!("   {line}"));
        for parameter in &item.parameters {
            let doc = parameter.doc.join(" ");
            let default = match parameter.is_required() {
                true => "required".to_owned(),
                false => format!("default {}", parameter.default),
            };
            say!("    {} in {}, {default}: {}", parameter.name, parameter.domain, doc.trim());
        }
        say!();
    });
    Ok(Exit::Well)
}

fn overview(family: &Family) {
    say!("{}", family.setting);
    for item in &family.items {
        say!("  {:22}{}", item.name, item.doc.first().map_or("", |line| line.trim()));
    }
    say!();
}
