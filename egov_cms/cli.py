"""The `egov-cms` command: makes, updates, bundles and watches the projects of ministries.

It runs where no project is, so it needs no settings and speaks the language of the terminal.
"""

import argparse
import os
import sys

from egov_cms import __version__

NOT_YET = 2  # the status of a wrong call as well: nothing was done
GUIDE = "https://github.com/nccmd/egov-cms/blob/main/docs/deployers-guide.md"

WORDS = {
    "en": {
        "about": "Sites of ministries: new projects, updates, bundles for places without internet, many sites at once.",
        "new": "make the project of a ministry",
        "update": "bring a project to the installed release; your own changes are kept",
        "bundle": "pack everything that “new” and “update” need where there is no internet",
        "fleet": "show or update all sites of an inventory",
        "directory": "folder of the project",
        "bundle_directory": "folder of the bundle",
        "config": "the ministry's file, ministry.yaml",
        "action": "what to do",
        "inventory": "list of the sites, a YAML file",
        "commands": "commands",
        "not_yet": "egov-cms {version}: “{command}” is not in this release yet, and nothing was changed.\n"
        "How to do it by hand: {guide}",
    },
    "ar": {
        "about": "مواقع الوزارات: مشاريع جديدة وتحديثات وحزم للأماكن التي لا إنترنت فيها ومتابعة مواقع كثيرة معاً.",
        "new": "إنشاء مشروع وزارة",
        "update": "تحديث مشروع إلى الإصدار المثبت، مع بقاء تعديلاتكم",
        "bundle": "حزم كل ما يحتاجه «new» و«update» حيث لا يوجد إنترنت",
        "fleet": "عرض جميع مواقع القائمة أو تحديثها",
        "directory": "مجلد المشروع",
        "bundle_directory": "مجلد الحزمة",
        "config": "ملف الوزارة ministry.yaml",
        "action": "العمل المطلوب",
        "inventory": "قائمة المواقع، ملف YAML",
        "commands": "الأوامر",
        "not_yet": "egov-cms {version}: الأمر «{command}» ليس في هذا الإصدار بعد، ولم يتغير شيء.\n"
        "طريقة العمل اليدوية: {guide}",
    },
    "ckb": {
        "about": "ماڵپەڕی وەزارەتەکان: پڕۆژەی نوێ، نوێکردنەوە، پاکێج بۆ شوێنی بێ ئینتەرنێت، چەند ماڵپەڕێک پێکەوە.",
        "new": "دروستکردنی پڕۆژەی وەزارەتێک",
        "update": "نوێکردنەوەی پڕۆژەیەک بۆ وەشانی دامەزراو؛ گۆڕانکارییەکانتان دەمێننەوە",
        "bundle": "پاکێجی هەموو ئەوەی «new» و «update» پێویستیانە لە شوێنی بێ ئینتەرنێت",
        "fleet": "پیشاندان یان نوێکردنەوەی هەموو ماڵپەڕەکانی لیستێک",
        "directory": "بوخچەی پڕۆژەکە",
        "bundle_directory": "بوخچەی پاکێجەکە",
        "config": "فایلی وەزارەت، ministry.yaml",
        "action": "چی بکرێت",
        "inventory": "لیستی ماڵپەڕەکان، فایلێکی YAML",
        "commands": "فەرمانەکان",
        "not_yet": "egov-cms {version}: فەرمانی «{command}» هێشتا لەم وەشانەدا نییە و هیچ نەگۆڕا.\n"
        "چۆنیەتی کردنی بە دەست: {guide}",
    },
}


def main(arguments=None):
    """Run one command; the exit status. Commands of later releases say so and change nothing."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter must not end the command.
        stream.reconfigure(errors="replace")
    words = WORDS[terminal_language(os.environ)]
    asked = parser(words).parse_args(arguments)
    sentence = words["not_yet"].format(version=__version__, command=asked.command, guide=GUIDE)
    print(sentence, file=sys.stderr)
    return NOT_YET


def terminal_language(environment):
    """A key of `WORDS` by the locale of the terminal (`ar_IQ.UTF-8`), which POSIX takes from the first of these."""
    named = next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), ""
    )
    code = named.partition(".")[0].partition("_")[0].lower()
    return code if code in WORDS else "en"


def parser(words):
    """The command line, with its help in `words`."""
    command_line = argparse.ArgumentParser(prog="egov-cms", description=words["about"])
    command_line.add_argument("--version", action="version", version=f"egov-cms {__version__}")
    commands = command_line.add_subparsers(
        dest="command", required=True, title=words["commands"], metavar="COMMAND"
    )

    def command(name):
        return commands.add_parser(name, help=words[name], description=words[name])

    new = command("new")
    new.add_argument("directory", metavar="DIRECTORY", help=words["directory"])
    new.add_argument("--config", metavar="ministry.yaml", help=words["config"])
    command("update").add_argument("directory", metavar="DIRECTORY", help=words["directory"])
    command("bundle").add_argument("directory", metavar="DIRECTORY", help=words["bundle_directory"])
    fleet = command("fleet")
    fleet.add_argument("action", choices=["status", "update"], help=words["action"])
    fleet.add_argument("inventory", metavar="INVENTORY.yaml", help=words["inventory"])
    return command_line


if __name__ == "__main__":
    sys.exit(main())
