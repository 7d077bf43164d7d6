"""What the columns of a table of works are called: by databases (Scopus, Web of Science, Embase,
PubMed, IEEE Xplore, EBSCO), by programs (Zotero, Rayyan, Covidence) and by whoever made one by hand
in English, Spanish or Catalan."""

import re
import unicodedata

# Each meaning and the headings that have it, as `plain()` has them. A meaning is a tag of RIS, a
# field of `Record` (“=event”), keywords with their vocabulary, or one of `tablevalues`.
_MEANINGS = {
    "AU": "authors author authorname authornames creators creator auau autores autor autors autora"
    " autoria",
    "full names": "authorfullnames af",
    "A2": "editors editor bookeditors be editores editora editorsliterarios",
    "A4": "translators translator traductor traductores traductors",
    "TI": "title articletitle documenttitle papertitle publicationstitle ti titulo titol"
    " titulodelarticulo titoldelarticle worktitle referencetitle titulooriginal",
    "original": "originaltitle originalnonenglishtitle",
    "TT": "translatedtitle titlees titleinenglish",
    "T2": "sourcetitle publicationtitle journal journaltitle journalname journalbook publication"
    " so containertitle booktitle secondarytitle revista publicacion publicacio periodical"
    " revistaolibro venue titulorevista",
    "J2": "abbreviatedsourcetitle journalabbreviation journalisoabbreviation ji isoabbreviation"
    " shortjournal journalabbr revistaabreviada",
    "PY": "year publicationyear py publishedyear pubyear yearpublished ano anio any"
    " anodepublicacion anydepublicacio",
    "DA": "date publicationdate dateofpublication pd issued datepublished published pubdate"
    " issuedate fecha data fechadepublicacion datadepublicacio",
    "=month": "publishedmonth month mes",
    "VL": "volume vl vol volumen volum tomo",
    "IS": "issue is issuenumber number numero journalissue fasciculo",
    "pages": "pages pagerange page pagination paginas pagines pags",
    "SP": "pagestart startpage firstpage bp spage beginpage",
    "EP": "pageend endpage lastpage ep epage",
    "C7": "artno articlenumber ar articleno",
    "PB": "publisher bookpublisher editorial publisherinformation casaeditorial",
    "CY": "place publisherlocation publisherplace publishercity pi ciudad ciutat lugar lloc"
    " placeofpublication",
    "ET": "edition edicion edicio",
    "DO": "doi di digitalobjectidentifier doilink",
    "=pmid": "pmid pubmedid medlinepmid pm pubmed pubmedpmid medlineid",
    "=pmcid": "pmcid pmc pubmedcentralid",
    "SN": "issn isbn sn eissn ei bn issns isbns eisbn isxn printissn electronicissn onlineissn"
    " issnisbn",
    "UR": "url link fulltextlink ur plink webaddress embaselink enlace enllac fulltexturl"
    " direccionweb",
    "AB": "abstract abstractnote ab summary resumen resum abstracttext",
    "LA": "language languageoforiginaldocument articlelanguage languageofarticle la lang idioma"
    " llengua languages",
    "M3": "documenttype publicationtype itemtype type doctype dt kind tipo tipus referencetype"
    " worktype tipodedocumento typeofwork documentidentifier",
    "KW": "keywords keyword tags indexkeywords keywordsplus manualtags automatictags subjects"
    " subject subjectterms ieeeterms palabrasclave paraulesclau descriptores descriptors"
    " descriptorsdecs",
    "KW author": "authorkeywords",
    "KW mesh": "meshterms mesh meshheadings meshtermsmesh",
    "KW emtree": "emtreedrugindexterms emtreemedicalindexterms emtreedeviceindexterms",
    "KW* emtree": "emtreedrugindextermsmajorfocus emtreemedicalindextermsmajorfocus"
    " emtreedeviceindextermsmajorfocus",
    "=event": "conferencename conferencetitle ct meetingname congreso congres conference",
    "=number_of_pages": "numpages numberofpages",
    "citation": "citation",
    "source": "source",
    "N1": "notes note extra comments comment notas nota comentarios observaciones",
    # For the author's eyes alone, with what it is.
    "aside": "citedby affiliations authoraffiliations authoraddresses authorswithaffiliations"
    " correspondenceaddress emailaddress emailaddresses reprintaddresses rp em addresses c1"
    " articlecitationcount timescitedwoscore timescitedalldatabases tc z9 serieseditor"
    " correspondingauthor",
}  # fmt: skip
# Book-keeping of databases and programs, which nobody misses.
_PASSED_OVER = set(
    "authorsid authorids authoridentifiers firstauthor createdate nihmsid key dateadded"
    " datemodified accessdate numberofvolumes shorttitle series seriesnumber seriestext seriestitle"
    " rights archive archivelocation librarycatalog callnumber fileattachments linkattachments"
    " contributor attorneyagent bookauthor castmember commenter composer cosponsor counsel"
    " interviewer producer recipient reviewedauthor scriptwriter wordsby guest runningtime scale"
    " medium artworksize filingdate applicationnumber assignee issuingauthority court references"
    " reporter legalstatus prioritynumbers programminglanguage version system code codenumber"
    " section session committee history legislativebody pagecount molecularsequencenumbers"
    " chemicalscas tradenames manufacturers fundingdetails fundingtexts sponsors conferencedate"
    " conferencelocation conferencecode coden publicationstage openaccess eid dateaddedtoxplore"
    " fundinginformation pdflink inspeccontrolledterms inspecnoncontrolledterms patentcitationcount"
    " referencecount license onlinedate meetingdate copyrightyear"
    " aipipentrydate fullrecordentrydate originalabstract drugtradenames drugmanufacturer"
    " devicetradenames devicemanufacturer casregistrynumbers embaseclassification"
    " clinicaltrialnumbers summarylanguage languageofsummary embaseaccessionid pui accessionnumber"
    " openurllink copyright conferenceeditors cited numberofreferences embaseclassifications"
    " devicemanufacturers devicetradename drugtradename drugmanufacturers casregistrynumber"
    " groupauthors bookgroupauthors bookauthors bookauthorfullnames researcherids orcids"
    " fundingorgs fundingnameprefered fundingtext citedreferences citedreferencecount"
    " 180dayusagecount since2013usagecount publisheraddress partnumber supplement specialissue"
    " meetingabstract bookdoi earlyaccessdate woscategories webofscienceindex researchareas"
    " idsnumber openaccessdesignations highlycitedstatus hotpaperstatus dateofexport utuniquewosid"
    " webofsciencerecord bookseriestitle bookseriessubtitle conferencesponsor conferencehost"
    " journalabbreviation29 covidence ref study id no n no1 nº rowid rownumber ranking"
    " gsrank querydate ecc citesperyear"
    " citesperauthor authorcount age articleurl citesurl cites".split()
)  # fmt: skip
MEANINGS = {word: known for known, words in _MEANINGS.items() for word in words.split()} | (
    dict.fromkeys(_PASSED_OVER, "")
)
# By what is in it: without one of these a table is none of works.
_TELL = {"TI", "DO", "=pmid"}
# Kinds of work as columns say them, in RIS.
_KINDS = {
    "JOUR": "j article journalarticle review reviewarticle letter editorial note shortsurvey"
    " erratum articleinpress journal earlyaccess clinicaltrial casereport articulo article journals"
    " academicjournal researcharticle articlejournal ieeejournals retracted conferencereview"
    " datapaper articulorevista revision correction systematicreview",
    "BOOK": "b book monograph editedbook books libro llibre ebook",
    "CHAP": "s bookchapter booksection chapter inbook incollection capitulo capitol capitulodelibro"
    " ieeebookchapter",
    "CPAPER": "c conferencepaper conferenceabstract proceedingspaper conference inproceedings"
    " conferenceproceeding meetingabstract ieeeconferences paperconference presentation",
    "THES": "thesis dissertation phdthesis mastersthesis dissertationthesis tesis tesi"
    " doctoralthesis",
    "RPRT": "report technicalreport techreport informe governmentdocument",
    "ELEC": "webpage website web paginaweb electronicresource",
    "UNPB": "preprint postedcontent",
    "NEWS": "newspaperarticle newspaper articlenewspaper",
    "MGZN": "magazinearticle magazine articlemagazine",
    "ENCYC": "encyclopediaarticle entryencyclopedia dictionaryentry",
    "DATA": "dataset", "PAT": "p patent", "VIDEO": "videorecording film motionpicture",
    "BLOG": "blogpost postweblog", "MANSCPT": "manuscript", "GEN": "document",
}  # fmt: skip
KINDS = {word: kind for kind, words in _KINDS.items() for word in words.split()}


def plain(heading: str) -> str:
    """“Author(s) ID” → “authorsid”, “Año” → “ano”."""
    bare = unicodedata.normalize("NFD", heading[:80].casefold())
    return re.sub(r"[\W_]+", "", "".join(sign for sign in bare if not unicodedata.combining(sign)))


def meaning(heading: str) -> str | None:
    """What a column means; "" is passed over, None is known to nobody."""
    return MEANINGS.get(plain(heading))


def are_of_works(headings: list[str]) -> bool:
    """Whether a first row names the columns of a table of works."""
    found = [known for known in map(meaning, headings) if known is not None]
    # One column is enough only for what can be nothing else.
    return bool(_TELL & set(found)) and (len(found) > 1 or found[0] != "TI")
