"""The words by which mail programs and people mark what is not new, language by language.

Owns the vocabulary of `mail.reply`: names of mail headers, attribution verbs and openers, separators of replies and of
forwards, device lines. Everything is lower case. English, Welsh, German, French, Spanish, Catalan, Italian, Dutch,
Portuguese, Swedish, Danish, Norwegian, Finnish, Polish, Czech, Slovak, Hungarian, Romanian, Turkish, Russian,
Ukrainian, Greek, Chinese and Japanese are here; a word shared by several languages stands once.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - word lists are read and reviewed as running text

HEADER_ROLES: dict[str, str] = {
    name: role
    for role, names in {
        "from": (
            "from sender oddi von absender de desde expéditeur remitente da mittente van afzender remetente från fra "
            "lähettäjä od nadawca odesílatel odosielateľ feladó expeditor kimden gönderen от від από "
            "发件人 寄件者 差出人"
        ),
        "date": (
            "date sent received anfonwyd dyddiad datum gesendet envoyé fecha enviado enviada enviat inviato data "
            "verzonden skickat sendt dato lähetetty päivämäärä päiväys pvm wysłano wysłane odesláno odoslané dátum "
            "elküldve küldve trimis tarih gönderilme отправлено дата надіслано ημερομηνία στάλθηκε "
            "发送时间 日期 寄件日期 日時 送信日時"
        ),
        "to": (
            "to at i an à para a per aan voor till til vastaanottaja do komu címzett către kime alıcı кому до "
            "προς 收件人 "
            "收件者 宛先 destinataire destinatario empfänger"
        ),
        "cc": "cc bcc kopi kopie kopia copie copia kopio dw másolat bilgi копия копія κοιν 抄送 副本 ko",
        "subject": (
            "subject pwnc betreff objet asunto assumpte oggetto onderwerp assunto ämne emne aihe temat předmět "
            "predmet "
            "tárgy subiect konu тема θέμα 主题 主旨 件名"
        ),
        "other": (
            "importance priority attachments anlagen wichtigkeit reply-to sensitivity bijlagen allegati vedlegg "
            "categories adjuntos"
        ),
    }.items()
    for name in names.split()
}
HEADER_ROLES.update(
    {
        name: role
        for role, names in {
            "from": ("de la", "от кого", "oddi wrth"),
            "date": (
                "gesendet am", "envoyé le", "enviado el", "enviado em", "enviada em", "inviato il", "verzonden op",
                "trimis în", "gönderme tarihi", "date d'envoi", "sent on", "date sent", "sent at",
            ),
            "other": ("pièces jointes", "répondre à", "archivos adjuntos", "reply to", "antwort an", "in reply to"),
        }.items()
        for name in names
    }
)  # fmt: skip

# An attribution ends with a colon and holds one of these; some languages put the name after the verb.
WROTE = (
    "wrote", "writes", "ysgrifennodd", "schrieb", "geschrieben", "schreibt", "a écrit", "écrit", "escribió",
    "escribio",
    "ha escrit", "va escriure", "ha scritto", "scritto", "scrive", "schreef", "geschreven", "escreveu", "skrev",
    "kirjoitti", "napisał", "napisal", "napsal", "pisze", "napísal", "írta", "a scris", "yazdı", "yazmış",
    "написал", "пишет", "написав", "пише", "έγραψε", "写道", "寫道", "书写", "書きました", "のメール", "skrifaði",
    "kirjutas", "rašė", "rakstīja", "napisao", "напиша", "scríobh",
)  # fmt: skip

# How the first line of an attribution begins, when it does not begin with the date itself.
OPENERS = frozenset(
    "on ar am le el en il op em às dia den på w dnia dne dňa pe vào on: mon tue wed thu fri sat sun monday tuesday "
    "wednesday thursday friday saturday sunday lun mar mer gio ven sab dom man tir ons tor fre lør søn lør. søn. mån "
    "mån. tis tis. tors tors. fre. lör lör. sön sön. ma ti ke to pe la su ma. di wo do vr za zo man. tir. ons. "
    "tor. mo "
    "di. mi. do. fr. sa. so. lun. mer. jeu. ven. sam. dim. jue. vie. sáb. dom. mar. st čt pá so ne út po pn. wt. śr. "
    "czw. pt. sob. niedz. пн вт ср чт пт сб вс пн, вт, ср, чт, пт, сб, вс, нд, чтв, στις le: 在 于 於 ddydd".split()
)

FIRST_PERSON = frozenset("i we ich wir je j'ai nous yo nosotros io noi ik wij eu jag vi jeg mi ja my я мы".split())

# Between two runs of dashes: "-----Original Message-----". What follows was answered.
ORIGINAL = frozenset(
    {
        "original message", "original mail", "original appointment", "neges wreiddiol", "ursprüngliche nachricht",
        "originalnachricht", "urspr. nachricht", "message d'origine", "message d’origine", "message original",
        "message initial", "mensaje original", "missatge original", "messaggio originale", "messaggio originario",
        "oorspronkelijk bericht", "oorspronkelijke bericht", "origineel bericht", "mensagem original",
        "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse", "opprinnelig melding",
        "original besked", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "původní zpráva",
        "původní e-mail", "pôvodná správa", "eredeti üzenet", "mesaj original", "mesajul original", "orijinal mesaj",
        "özgün ileti", "исходное сообщение", "оригинальное сообщение", "первоначальное сообщение",
        "вихідне повідомлення", "αρχικό μήνυμα", "原始邮件", "原始郵件", "元のメッセージ", "reply message", "antwort",
        "vorherige nachricht", "mensagem anterior", "replied message",
    }
)  # fmt: skip

# What follows was passed on to be read: it is content.
FORWARD = frozenset(
    {
        "forwarded message", "forwarded by", "forwarded mail", "forwarded email", "begin forwarded message",
        "start of forwarded message", "forward message", "original forwarded message", "neges wedi'i hanfon ymlaen",
        "neges a anfonwyd ymlaen", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
        "weitergeleitete e-mail", "message transféré", "message transmis", "début du message réexpédié",
        "début du message transféré", "mensaje reenviado", "inicio del mensaje reenviado", "mensaje remitido",
        "missatge reenviat", "messaggio inoltrato", "inizio messaggio inoltrato", "doorgestuurd bericht",
        "begin doorgestuurd bericht", "mensagem encaminhada", "mensagem reencaminhada",
        "início da mensagem encaminhada",
        "vidarebefordrat meddelande", "vidarebefordrat mail", "vidarebefordrat brev", "videresendt meddelelse",
        "videresendt besked", "videresendt melding", "videresendt e-post", "välitetty viesti",
        "edelleenlähetetty viesti",
        "wiadomość przekazana dalej", "przekazana wiadomość", "treść przekazanej wiadomości", "přeposlaná zpráva",
        "preposlaná správa", "továbbított üzenet", "mesaj redirecționat", "yönlendirilmiş mesaj", "iletilen ileti",
        "пересылаемое сообщение", "переадресованное сообщение", "пересланное сообщение",
        "начало переадресованного сообщения",
        "переслане повідомлення", "προωθημένο μήνυμα", "转发邮件", "转发的邮件", "轉寄郵件", "转发邮件信息",
        "転送メッセージ", "itutvi se sporočilo", "proslijeđena poruka",
    }
)  # fmt: skip

FORWARD_BY = ("forwarded by ", "forwarded message", "weitergeleitet von ", "transféré par ", "reenviado por ")

FORWARD_SUBJECTS = (
    "fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "enc:", "vs:", "vl:", "vb:", "pd:", "doorst:", "fwd :", "tr :",
    "ymlaen:",
)  # fmt: skip

# Words of a writer who points at what stands below, which is then part of what is said.
SEE_BELOW = (
    "below", "forward", "fyi", "isod", "unten", "untenstehend", "anbei", "weiter", "ci-dessous", "transf", "abajo",
    "reenv", "continuación", "sotto", "inoltr", "hieronder", "doorst", "abaixo", "encaminh", "nedan", "vidarebefordr",
    "nedenfor", "videresend", "alla", "poniżej", "przekaz", "níže", "alább", "mai jos", "aşağıda", "ниже", "пересыл",
)  # fmt: skip

REPLY_ABOVE = (
    "reply above this line", "type your reply above", "write above this line", "reply above the line",
    "antworten sie oberhalb dieser", "bitte oberhalb dieser", "répondez au-dessus de cette",
    "répondre au-dessus de cette",
    "responda por encima de esta", "rispondi sopra questa", "reageer boven deze",
)  # fmt: skip

SENT_FROM = (
    "sent from", "sent via", "sent using", "sent with", "get outlook for", "anfonwyd o", "von meinem", "gesendet von",
    "gesendet mit", "diese nachricht wurde von meinem", "envoyé de mon", "envoyé depuis", "envoyé à partir de",
    "télécharger outlook pour", "obtenez outlook pour", "enviado desde", "enviado do meu", "enviado de mi",
    "enviado a partir do",
    "obtener outlook para", "obter o outlook para", "enviat des", "inviato da", "ottieni outlook per",
    "scarica outlook per",
    "verzonden vanaf", "verstuurd vanaf", "verzonden met", "verstuurd met", "verzonden via", "outlook voor",
    "skickat från",
    "hämta outlook för", "sendt fra", "hent outlook", "lähetetty", "wysłane z", "wysłano z", "odesláno z",
    "odoslané z",
    "küldve", "elküldve", "trimis de pe", "trimis din", "tarafından gönderildi", "отправлено с", "отправлено из",
    "надіслано з", "στάλθηκε από", "发自我的", "從我的", "yahoo mail",
)  # fmt: skip

DEVICES = (
    "iphone", "ipad", "ipod", "ios", "blackberry", "android", "samsung", "galaxy", "huawei", "xiaomi", "pixel",
    "nokia",
    "motorola", "oneplus", "oppo", "htc", "lg ", "sony", "xperia", "smartphone", "smart phone", "mobile", "handy",
    "phone",
    "tablet", "windows", "outlook", "yahoo", "gmail", "proton", "apple", "watch", "hotmail", "mail for", "telefon",
    "téléphone", "teléfono", "telefone", "telefono", "mobil", "móvil", "ffôn", "puhelim", "palm", "treo", "device",
)  # fmt: skip
