"""Words that the rules know: English ones, and German ones for links."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split(";"))


VERBS = _words("""
accept access activate add adjust allow apply approve archive ask assemble assign associate attach avoid back block book bring
browse build burn buy calibrate call cancel change charge check choose claim clean clear click clone close collect combine
compare compile complete configure confirm connect contact contribute control convert copy correct create customise customize
cut deactivate debug decide declare define delete deploy describe disable disband disconnect discover dismiss display download
drag duplicate edit eject embed empty enable end enter erase evaluate exchange exclude expand explore export extend extract
factory fetch figure fill filter find finish fix flash flip follow force forget format get give go grant group guide handle hide
hold identify import improve include increase initialise initialize insert inspect install integrate interact interrupt invite
join keep know label launch learn leave let limit link list load locate lock log look lower make manage map mark match measure
merge modify monitor mount move mute name navigate notify obtain open operate order organise organize override pair park parse
paste pause pay perform pick pin place plan play plug power prepare press prevent preview print process program protect provide
provision publish pull purchase push put raise read rebuild receive reconnect record recover redeem redirect reduce refresh
refund register reinstall release reload remove rename renew reopen repair repeat replace reply report request require
reschedule resend reset resize resolve respond restart restore resume retrieve return reveal reverse revert review revoke rotate
run save scan schedule scroll search secure see select sell send separate set setup share ship shorten show shut sign simulate
skip solder solve sort specify split start stay stop store stream subscribe swap switch sync synchronise synchronize tag take
tap tell terminate test tick toggle track transfer translate transmit troubleshoot try turn type unblock undo uninstall unlink
unlock unmount unpack unpair unplug unsubscribe unzip update upgrade upload use validate verify view visit wait watch wipe wire
withdraw work write zip zoom
""")
"""How instructions and their titles begin."""

ACTIONS = _words("""
add attach choose click close connect copy create delete disconnect double-click download drag drop eject enter extract
go hold hover insert install launch log navigate open paste pick plug power press pull push release remove
rename replace restart return right-click run save scroll select set sign start switch tap tick toggle turn type unplug untick
unzip upload
""")
"""What a reader does with their hands, so that a second one in a step is a second action."""

VAGUE = {
    "en": _phrases("""
    click; click here; download here; find out more; follow this link; go; go here; here; learn more; link; more; more info;
    more information; over here; read more; right here; see here; see more; the link; this; this link; this page; this site;
    this website
    """),
    "de": _phrases("""
    diese seite; diesem link; diesen link; dieser link; dieser seite; hier; hier klicken; klick hier; klicken sie hier; link;
    mehr; mehr dazu; mehr erfahren; weiter; weitere informationen; weiterlesen
    """),
}
"""A link's words that say nothing about where it leads."""

KNOWN_ACRONYMS = _words("""
AM API APK APP ASAP BIOS BMP CAPTCHA CD CEO CEST CET COM CPU CSS CSV DC DIY DNS DVD EU EUR FAQ FAQS FTP GB GBP GHZ GIF GMT GPS
GPU GST HD HDD HDMI HTML HTTP HTTPS IBAN ID IDS IMEI IP ISBN ISO IT JPEG JPG JSON KB KM KWH LAN LCD LED LEDS LTE MB MHZ MP MPEG
NASA NB NFC OK OS PC PCS PDF PDFS PIN PINS PM PNG PO PS QR RAM RGB ROM SD SIM SMS SQL SSD SSID SSL SVG TB TLS TV TVS TXT UI UK
UN UPS URL URLS US USA USB USD UTC VAT VIP VPN WIFI WLAN XLS XLSX XML YAML ZIP
""")
"""Short forms that are better known than what they stand for."""

ROLES = _words("""
abuse accounting accounts admin api billing bookings career careers ceo compliance contact customercare customers
customerservice customersupport data dataprotection delivery dev developer developers dpo editor education enquiries events
feedback finance forum gdpr hello help helpdesk hi hostmaster hr info inquiries it jobs kontakt legal license licensing mail
marketing media moderation news newsletter no-reply no_reply noreply office onboarding order orders partner partners
partnerships payments postmaster press privacy pro prod product recruiting refund refunds returns sales security service
services shipping shop store subscribe support team tech technical trust unsubscribe warranty webmaster welcome
""")
"""What stands before the @ of an address that belongs to nobody in particular."""

PEOPLE_OF_EXAMPLES = _words("""
a address alice anna b bob customer email erika.mustermann example first.last firstname firstname.lastname foo jane jane.doe
jane.smith janedoe jdoe joe john john.doe john.smith johndoe max.mustermann me my myname name person recipient sender somebody
someone test tester user user1 username you your your-email your-name your.name your_name youremail yourname
""")
"""What stands before the @ of an address that is nobody's."""
