import { formUrl, type Place } from './snippet-place.ts'

/*
 * Power Query's language M. The key stands in no query: Power BI asks for user name and password when it first calls the
 * address ("Basic") and keeps them. The address goes up to the form, so that each form has credentials of its own; what
 * comes after it stands in RelativePath and Query, or a scheduled refresh would refuse the query.
 */

/** The form's OData feed, which Power Query reads page by page, with types. */
export function mList(place: Place): string {
  return `let
    Feed = OData.Feed("${formUrl(place)}/odata", null, [Implementation = "2.0"]),
    Submissions = Feed{[Name = "Submissions", Signature = "table"]}[Data]
in
    Submissions`
}

export function mExport(place: Place): string {
  return `let
    File = Web.Contents("${formUrl(place)}", [
        RelativePath = "export",
        Query = [format = "csv"]
    ]),
    Rows = Csv.Document(File, [Delimiter = ",", Encoding = TextEncoding.Utf8, QuoteStyle = QuoteStyle.Csv]),
    Submissions = Table.PromoteHeaders(Rows, [PromoteAllScalars = true])
in
    Submissions`
}
