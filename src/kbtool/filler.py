"""Language -> the words that people wrap a question in, and that say nothing about its answer."""

_ENGLISH = """
a about actually after again all also although always am an and any anymore anyone anything are aren't as at be because been
before being best both but by came can can't cannot come comes coming could couldn't did didn't do does doesn't doing don't down
during each either else even ever every everything exactly few for from further gave get gets getting give given giving go goes
going got had hadn't has hasn't have haven't having he hello help her here hers hey hi him his how however i i'd i'll i'm i've
if in instead into is isn't it it's its itself just keep keeps kept knew know known let let's like look looking lot made make
makes making many may maybe me mean meant might more most much must my myself need needed needs never new no nor not nothing now
of off ok okay on once only or other ought our ours out over own please possible quite rather really said same saw say saying
says see seeing seem seems seen shall she should shouldn't since so some somehow someone something still such suddenly sure take
taken takes taking tell telling tells than thank thanks that that's the their theirs them then there there's these they they're
thing things think this those though thought through to together told too took tried try trying under until up upon us very want
wanted wants was wasn't way we we'd we'll we're we've well went were weren't what what's whats when where where's whether which
while who who's whom whose why will with within without won't would wouldn't yes yet you you'd you'll you're you've your yours
cant couldnt didnt doesnt dont hasnt havent im isnt ive wont
"""

_GERMAN = """
ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bereits besser bin bis bist bitte bloß
bräuchte brauche braucht da dabei dadurch dafür daher damit danach dann daran darauf daraus darf das dass davon dazu dein deine
dem den denn der des deshalb dich die dies diese diesem diesen dieser dieses dir doch dort du durch eben ein eine einem einen
einer eines einfach einmal er es etwas euch euer eure für ganz gar geht gehen genau gerade gern gerne gibt habe haben hallo
hast hat hatte hätte helfen hier hilfe ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins irgendwie ist ja jede jedem
jeden jeder jedes jemand jetzt kann kannst kein keine keinem keinen keiner können könnte konnte mache machen macht mal man mehr
mein meine meinem meinen meiner mich mir mit möchte möchten möglich muss müssen nach nein nicht nichts nie noch nun nur ob oder
ohne plötzlich schon sehr sei sein seine seinem seinen seiner seit sich sie sind so sobald soll sollen sollte sondern sonst
trotzdem tun über überhaupt um und uns unser unsere unter vom von vor wann war warum was weil welche welchem welchen welcher
welches wenn wer werde werden weshalb wie wieder wieso will wir wird wirklich wo woher wohin wollen worden wurde würde zu zum
zur zwar zwischen
"""

_FILLER = {"en": _ENGLISH, "de": _GERMAN}


def filler_words(language: str) -> tuple[str, ...]:
    """Return the language's filler words, sorted; none for a language we do not know.

    >>> "how" in filler_words("en-GB")
    True
    """
    return tuple(sorted(_FILLER.get(language.partition("-")[0].lower(), "").split()))
