"""People of many cultures, and the ways in which a subject names them."""

# ruff: noqa: RUF001 - names are in letters of many scripts

PEOPLE = tuple(
    name.strip()
    for name in """
    Maria Gonzalez, José Álvarez, Lucía Fernández, João da Silva, Inês Pereira, Thiago Araújo, Camila Rodríguez, Íñigo Etxeberria, Núria Puigdemont, Xavier Bosch,
    Jean-Luc Picard, Élodie Lefèvre, François Dupont, Zoé Girard, Gaël Le Goff, Noémie d'Angelo, Benoît Charpentier, Anaïs Moreau, Hélène de La Fontaine, Cédric Ouellet,
    Jürgen Müller, Sabine Weiß, Björn Schäfer, Käthe Groß, Lukas von Stein, Annelies van den Berg, Joost de Vries, Sanne Bakker, Pieter van Dijk, Marijke Jansen,
    Søren Kjærgaard, Åsa Lindström, Øystein Hansen, Mette Sørensen, Jón Þórsson, Guðrún Björnsdóttir, Päivi Mäkinen, Eero Järvinen, Liis Tõnisson, Jānis Bērziņš,
    Łukasz Wójcik, Małgorzata Zielińska, Agnieszka Kowalska, Zbigniew Dąbrowski, Jiří Novák, Šárka Dvořáková, Ľubomír Kováč, Gábor Szabó, Ágnes Tóth, Zoltán Nagy,
    Ștefan Ionescu, Ioana Popescu, Ivan Horvat, Željko Marković, Đorđe Petrović, Ana Kovačić, Milena Jovanović, Teuta Hoxha, Arben Gjoka, Bojana Šimić,
    Mehmet Yılmaz, Ayşe Öztürk, İbrahim Şahin, Çağla Demir, Rūta Kazlauskienė, Vytautas Petrauskas, Giulia Rossi, Niccolò D'Amico, Chiara Esposito, Luca De Luca,
    Иван Петров, Ольга Смирнова, Дмитрий Кузнецов, Екатерина Волкова, Тарас Шевченко, Оксана Бондаренко, Георги Димитров, Милица Јовановић, Айгуль Нурланова, Сергей Ёлкин,
    Γιώργος Παπαδόπουλος, Ελένη Νικολάου, Κώστας Δημητρίου, Μαρία Οικονόμου, Νίκος Βασιλείου, Armen Sargsyan, Nino Beridze, Giorgi Kapanadze, Anahit Petrosyan, Davit Tsereteli,
    John Smith, Oluwaseun Adeyemi, Chinedu Okonkwo, Ngozi Eze, Kwame Mensah, Abena Osei, Thabo Nkosi, Lerato Dlamini, Wanjiku Kamau, Otieno Odhiambo,
    Tendai Moyo, Mamadou Diallo, Aïssatou Ba, Haile Gebrselassie, Tigist Bekele, Nomvula Zulu, Siobhán O'Brien, Seán Ó Súilleabháin, Rhys Llewellyn, Angus MacDonald,
    Ahmed Hassan, Fatima Al-Zahra, Youssef El Idrissi, Layla Haddad, Mohammed bin Rashid, Reza Karimi, Shirin Hosseini, Omid Tehrani, Noa Ben-David, Yael Cohen,
    Priya Sharma, Rajesh Kumar, Ananya Mukherjee, Venkatesh Iyer, Harpreet Kaur, Arjun Patel, Sunita Reddy, Zainab Qureshi, Imran Chaudhry, Nusrat Rahman,
    Dilshan Perera, Tharushi Fernando, Nguyễn Văn An, Trần Thị Hương, Lê Minh Quân, Somchai Srisuk, Kanya Wongsakul, Budi Santoso, Dewi Lestari, Nurul Hidayah,
    Juan Dela Cruz, Maricel Bautista, Wei Zhang, Xiaoming Li, Mei-Ling Chen, Hiroshi Tanaka, Yuki Sato, Min-jun Kim, Seo-yeon Park, Aroha Ngata,
    Keoni Kahananui, Tāne Parata, Sione Tupou, Moana Leilani, Quispe Mamani, Itzel Xochitl, Nayeli Huamán, Tawa Begay, Emma Johnson, Liam O'Connor
    """.replace("\n", " ").split(",")
    if name.strip()
)
"""At least 150: written as their owners would in a text of Latin, Cyrillic or Greek letters."""
EASTERN = (
    "田中様の注文", "佐藤 花子様の請求書", "山本さんのアカウント", "高橋健太さんの返金", "スミスさんの予約", "请给王先生退款", "李小明先生的订单", "陈女士的账户", "張小姐的退款",
    "김민준님 주문 취소", "이서연 씨 환불", "박지훈님 계정", "استرداد السيد محمد الهاشمي", "حساب السيدة ليلى حداد", "طلب الدكتور أحمد",
)  # fmt: skip
"""Subjects in scripts without capitals, with a title."""
LEFT = (
    "田中",
    "花子",
    "佐藤",
    "山本",
    "高橋",
    "健太",
    "スミス",
    "王",
    "李",
    "小明",
    "陈",
    "張",
    "민준",
    "서연",
    "지훈",
    "محمد",
    "الهاشمي",
    "ليلى",
    "حداد",
    "أحمد",
)
"""What of them may not be left."""

TITLED = (
    "Call back Mr {}", "Mrs. {} cannot log in", "refund of Ms {}, please", "Account of Dr. {} is locked", "invoice of Prof. {} is wrong",
    "Konto von Frau {} sperren", "Herr {} kann sich nicht anmelden", "Rechnung an Herrn {}", "Mme {} attend son remboursement", "M. {} ne reçoit rien",
    "la cuenta de la señora {}", "el pedido del Sr. {}", "il conto della signora {}", "de factuur van mevrouw {}", "konto Pani {}", "заказ для господина {}", "για τον κύριο {}",
)  # fmt: skip
"""Ways to name somebody by a title: with the whole name, or the last of it."""
LED = (
    "writing on behalf of {}", "Vertrag im Namen von {}", "demande de la part de {}", "solicitud a nombre de {}", "parcel c/o {}", "invoice attn: {}",
    "Please add {} to our team", "remove {} from the workspace", "Dear {}, where is my parcel", "Hallo {}, wo ist mein Paket", "my name is {} and I wait", "Message from {}",
)  # fmt: skip
"""Ways that say that a person follows."""
BARE = (
    "Refund for {}",
    "{}'s account is locked",
    "Re: contract {}",
    "Konto von {} sperren",
    "remboursement pour {}",
    "order of {} not delivered",
    "{} cannot log in",
    "access for {} please",
)
"""Ways that may hold a product as well."""
