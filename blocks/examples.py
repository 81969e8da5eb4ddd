"""Sample content in Arabic for the editor's block preview. The facts in it are illustrative."""


def picture():
    return {
        "image": _public_image_id(),
        "alt": "مراجعون أمام نوافذ الاستعلامات في قاعة الخدمات",
        "decorative": False,
        "caption": "قاعة الخدمات في مقر الوزارة بعد إعادة تأهيلها",
        "credit": "إعلام الوزارة",
    }


def gallery():
    second = {**picture(), "alt": "موظفة تسلّم معاملة منجزة إلى مراجع", "caption": "تسليم المعاملات المنجزة"}
    return {"title": "افتتاح قاعة الخدمات", "images": [picture(), second]}


def downloads():
    from wagtail.documents import get_document_model

    documents = (
        get_document_model().objects.filter(collection__view_restrictions__isnull=True).order_by("pk")[:2]
    )
    items = [{"document": document.pk, "title": "", "language": "ar"} for document in documents]
    return {"title": "الاستمارات", "items": items}


def _public_image_id():
    from wagtail.images import get_image_model

    images = get_image_model().objects.filter(collection__view_restrictions__isnull=True)
    return images.order_by("pk").values_list("pk", flat=True).first()


TEXT = (
    "<p>تستقبل دائرة العلاقات العامة طلبات المواطنين <b>من الأحد إلى الخميس</b>، "
    "وتجيب عنها خلال خمسة أيام عمل.</p>"
    "<ul><li>احضر ومعك البطاقة الوطنية.</li><li>احتفظ برقم الوارد لمتابعة المعاملة.</li></ul>"
)

HEADING = {"text": "المستمسكات المطلوبة", "level": "h2", "anchor": "documents"}

NOTE = {
    "level": "warning",
    "title": "دوام محدود حتى 30 تشرين الثاني",
    "body": "<p>تستقبل الدائرة المراجعين من الساعة 8:00 إلى الساعة 11:00 فقط.</p>",
}

QUOTE = {
    "text": "نقيس عملنا بالوقت الذي نوفره على المواطن.",
    "name": "المدير العام",
    "role": "دائرة التخطيط والمتابعة",
}

FAQ = {
    "items": [
        {
            "question": "هل يجوز أن يراجع عني وكيل؟",
            "answer": "<p>نعم، بوكالة مصدقة من كاتب العدل لم يمض على تصديقها أكثر من سنة.</p>",
        },
        {"question": "كم تستغرق المعاملة؟", "answer": "<p>من ثلاثة إلى سبعة أيام عمل.</p>"},
    ]
}

STEPS = {
    "items": [
        {"title": "املأ الاستمارة", "body": "<p>عبر الموقع أو في قاعة الخدمات.</p>"},
        {"title": "سدد الرسم", "body": "<p>نقداً أو بالبطاقة، واحتفظ بالوصل.</p>"},
        {"title": "استلم الكتاب", "body": "<p>من نافذة التسليم بإبراز البطاقة الوطنية.</p>"},
    ]
}

FIGURES = {
    "items": [
        {"value": "214", "unit": "مشروعاً", "label": "قيد التنفيذ في المحافظات"},
        {"value": "62.4", "unit": "%", "label": "نسبة الصرف حتى أيلول"},
        {"value": "45274000", "unit": "نسمة", "label": "عدد السكان المتوقع"},
    ],
    "source": "الجهاز المركزي للإحصاء، أيلول 2026 (أرقام توضيحية)",
}

TABLE = {
    "cells": {
        "caption": "رسوم تصديق الوثائق بالدينار العراقي",
        "columns": [
            {"type": "text", "heading": "الوثيقة"},
            {"type": "text", "heading": "السند القانوني"},
            {"type": "number", "heading": "الرسم"},
        ],
        "rows": [
            {"values": ["وثيقة دراسية", "قانون الرسوم رقم 1 لسنة 2024", "10000"]},
            {"values": ["شهادة ولادة", "قانون الرسوم رقم 1 لسنة 2024", "5000"]},
            {"values": ["نسخة إضافية", "تعليمات الوزارة", "2500"]},
        ],
    },
    "row_headers": True,
    "source": "الأرقام توضيحية",
}

VIDEO = {
    "title": "كيف تقدم طلباً عبر الموقع",
    "url": "https://www.youtube.com/watch?v=aaaaaaaaaaa",
    "poster": None,
    "duration": "3 دقائق",
    "transcript": "<p>افتح صفحة الخدمة واضغط «ابدأ»، ثم املأ الاستمارة وأرفق المستمسكات.</p>",
}

LINKS = {
    "title": "روابط مفيدة",
    "style": "cards",
    "items": [
        {
            "page": None,
            "url": "https://ur.gov.iq/",
            "text": "بوابة أور للخدمات الحكومية",
            "description": "حجز المواعيد ومتابعة الطلبات",
        },
        {
            "page": None,
            "url": "https://cosit.gov.iq/",
            "text": "الجهاز المركزي للإحصاء",
            "description": "المسوح والتعدادات والأرقام القياسية",
        },
    ],
}

ACTION = {
    "page": None,
    "url": "https://ur.gov.iq/",
    "text": "احجز موعداً",
    "note": "يكتمل الحجز في بوابة أور. تحتاج إلى رقم هاتف عراقي.",
}

CONTACT = {
    "name": "شعبة خدمات المواطنين",
    "role": "الاستعلام عن المعاملات والشكاوى",
    "address": "بغداد، كرادة مريم، شارع الجمهورية",
    "hours": "الأحد إلى الخميس، 8:00 – 14:00",
    "phones": ["+964 780 000 0000"],
    "emails": ["info@example.gov.iq"],
}

PLACE = {
    "name": "مقر الوزارة",
    "address": "بغداد، كرادة مريم، قرب جسر الجمهورية",
    "latitude": "33.325",
    "longitude": "44.396",
}
