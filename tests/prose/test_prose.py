"""Tests of the prose check."""

import unittest

from prose import READERS, findings, hashed, markdown, rust, template


def phrases(prose):
    return [phrase for _, phrase, _ in findings(prose)[1]]


class Phrases(unittest.TestCase):
    def test_a_phrase_may_go_over_the_end_of_a_line(self):
        self.assertEqual(phrases("The value is that\nof the first run."), ["that of"])

    def test_a_phrase_is_found_where_it_begins(self):
        prose = "The first line.\nA `name` stands here.\n"
        [(place, _, _)] = findings(markdown(prose))[1]
        self.assertEqual(prose[place:].split()[0], "stands")

    def test_questions_are_exempt(self):
        self.assertEqual(phrases("What is a logit? It says what is likely."), ["what "])

    def test_long_sentences_are_counted_in_words(self):
        count, _, long = findings("One. " + "word " * 25 + "end. Two.")
        self.assertEqual((count, [words for _, words, _ in long]), (28, [26]))


class Readers(unittest.TestCase):
    def read(self, reader, text, *more):
        prose = reader(text, *more)
        self.assertEqual(len(prose), len(text))
        return " ".join(prose.replace("\x1e", " ").split())

    def test_markdown_has_no_code_and_no_addresses(self):
        text = "# Title\n\nText of `code` and a [link](what%20is.md).\n\n```sh\nwhat is it\n```\n| a | b |\n"
        self.assertEqual(self.read(markdown, text), "Title Text of XXXXXX and a [link . a b")

    def test_rust_has_comments_and_messages(self):
        text = '/// Its value.\nfn f() { say("no value {x}\\n\\\n   here", "key", \'"\'); } // Ends.\n'
        self.assertEqual(self.read(rust, text, "comments"), "Its value. Ends.")
        self.assertEqual(self.read(rust, text, "messages"), "no value XXX here")

    def test_messages_of_tests_are_left_out(self):
        text = 'const A: &str = "one two";\n#[cfg(test)]\nmod tests {\n const B: &str = "three four";\n}\n'
        self.assertEqual(self.read(rust, text, "messages"), "one two")

    def test_experiments_have_comments_questions_and_claims(self):
        text = '# A comment,\n# in two lines.\nquestion = "Why?"\nname = "no text"\n[[claim]]\ntext = "It is so"\n'
        self.assertEqual(self.read(hashed, text), "A comment, in two lines. Why? It is so")

    def test_python_has_comments_and_docstrings(self):
        text = '"""A docstring."""\nx = 1  # no comment\n# A comment.\n'
        self.assertEqual(self.read(hashed, text), "A docstring. A comment.")

    def test_templates_have_text(self):
        text = "<h1 class='what is'>A {{ name }}</h1><script>what is</script><p>text</p>"
        self.assertEqual(self.read(template, text), "A XXXXXXXXXX text")

    def test_every_kind_of_file_keeps_its_length(self):
        for suffix, reader in READERS.items():
            text = "/* a */ what = '''b'''\n\n# c\n// d \"e f\"\n"
            self.assertEqual(len(reader(text)), len(text), suffix)


if __name__ == "__main__":
    unittest.main()
