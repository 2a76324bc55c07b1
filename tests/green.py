"""A third financial form, as a revision of the shelf may bring one."""

GREEN = """schema: track/1
track: green
text: {en: green form, ru: зелёная форма}
clause: IOM-2026-14
family: agreement
tells: {form: green}
unlisted: IOM-2026-14
advice: {en: Ask IOM., ru: Спросите МОМ.}
fields:
  school: {is: text, letters: true, text: {en: School, ru: Школа}}
  boards: {is: yes_no, text: {en: She boards there, ru: Живёт при школе}}
  warden: {is: text, letters: true, with: {boards: ["yes"]}, text: {en: Warden, ru: Комендант}}
  begins_on: {is: day, text: {en: First day at school, ru: Первый день в школе}}
  term: {is: span, text: {en: Term, ru: Учебный год}}
rules:
  - {needs: [school, term], act: sign, clause: IOM-2026-14}
parts:
  a:
    text: {en: "School fees ({at_most} Soms a month)", ru: "Плата за школу (не более {at_most} сомов в месяц)"}
    clause: IOM-2026-14
    fields: {months: {is: months, text: {en: months, ru: месяцы}}}
    rules:
      - {amount: amount, at_most: 700, times: [months], clause: IOM-2026-14}
  b: {text: {en: Books, ru: Книги}, clause: IOM-2026-14}
sheet:
  tint: white
  sentences:
    - mark: "1."
      clause: IOM-2026-14
      text:
        en: "School: {school}, from {begins_on}, term {term_from} to {term_to}. She boards there: {boards}."
        ru: "Школа: {school}, с {begins_on}, учебный год с {term_from} по {term_to}; живёт при школе: {boards}."
  texts:
    title: {en: AGREEMENT FOR SCHOOLING, ru: СОГЛАШЕНИЕ О ШКОЛЕ}
    subtitle: {en: (Green Form), ru: (зелёная форма)}
    number: {en: AGREEMENT NO., ru: СОГЛАШЕНИЕ №}
    place: {en: Bishkek, ru: г. Бишкек}
    date: {en: Date, ru: Дата}
    preamble: {en: "{ngo} ({ngo_representative}) and IOM ({iom_representative}):", ru: "{ngo} и МОМ:"}
    description: {en: Description, ru: Описание}
    requested: {en: Requested, ru: Запрошено}
    total: {en: Total, ru: Итого}
    in_writing: {en: "In writing:", ru: "Прописью:"}
    guidelines: {en: The standards apply., ru: Действуют стандарты.}
    signed: {en: "Signed:", ru: "Подписали:"}
    ngo: {en: for the NGO, ru: от НПО}
    iom: {en: for IOM, ru: от МОМ}
    name: {en: Name, ru: Имя}
"""
TERM = {"from": "2027-09-01", "to": "2028-05-31"}
