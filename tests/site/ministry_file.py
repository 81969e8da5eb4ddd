"""A complete ministry.yaml."""

MINISTRY = """\
name:
  ar: وزارة التخطيط
  ckb: وەزارەتی پلاندانان
  en: Ministry of Planning
short_name: {ar: التخطيط, ckb: پلاندانان, en: Planning}
code: MOP
domain: mop.example.iq
colours:
  primary: "#12395b"
  accent: "#9a5a1c"
languages: [ar, ckb, en]
contact:
  address: {ar: بغداد، الجادرية, en: "Baghdad, Al-Jadiriya"}
  phones: ["+964 770 123 4567"]
  email: info@mop.example.iq
modules: [services]
digits: latn
illustrative: true
"""
