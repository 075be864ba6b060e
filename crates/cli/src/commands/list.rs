//! `chainrule list`

use crate::arguments::List;
use crate::exit::Exit;
use chainrule_runner::reference::{Family, families};

/// Lists what experiments can name.
pub(crate) fn list(arguments: &List) -> anyhow::Result<Exit> {
    let families = families();
    let Some(setting) = &arguments.setting else {
        families.iter().for_each(overview);
        println!("`chainrule list SETTING` describes the items of one in full");
        return Ok(Exit::Well);
    };
    let Some(family) = families.iter().find(|family| family.setting == setting) else {
        let names: Vec<_> = families.iter().map(|family| family.setting).collect();
        anyhow::bail!("`{setting}` has no items to list; there are {}", names.join(", "));
    };
    family.items.iter().for_each(|item| {
        println!("{}", item.name);
        item.doc.iter().for_each(|line| println!("   {line}"));
        for parameter in &item.parameters {
            let doc = parameter.doc.join(" ");
            println!(
                "    {} in {}, default {}: {}",
                parameter.name,
                parameter.range,
                parameter.default,
                doc.trim()
            );
        }
        println!();
    });
    Ok(Exit::Well)
}

fn overview(family: &Family) {
    println!("{}", family.setting);
    for item in &family.items {
        println!("  {:22}{}", item.name, item.doc.first().map_or("", |line| line.trim()));
    }
    println!();
}
