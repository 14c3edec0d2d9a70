/// Differences as tables.
package enum DiffView {
    /// Old and new lines below each other.
    /// - Parameter label: the name of the file.
    package static func unified(
        _ diff: DiffModel, label: String, language: SourceLanguage? = nil, _ context: PageContext
    ) -> HTML { HTML() }

    /// Old lines beside new ones.
    package static func split(
        _ diff: DiffModel, label: String, language: SourceLanguage? = nil, _ context: PageContext
    ) -> HTML { HTML() }

    /// "4.1 GB → 4.3 GB" with both digests.
    package static func pointer(_ diff: PointerDiff, _ context: PageContext) -> HTML { HTML() }
}
