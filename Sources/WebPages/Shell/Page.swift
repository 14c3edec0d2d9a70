/// A page, ready to be framed.
package struct Page: Sendable {
    /// Which entry of the navigation is current.
    package enum Section: String, Sendable, CaseIterable {
        case models, datasets, spaces, codes, sync, console, account
    }

    package var title: String
    package var section: Section?
    /// What stands in `<main>`.
    package var body: HTML
    /// Parts of the body by the id of the element they replace, for requests that want only one of them.
    package var fragments: [String: HTML]
    package var status: Int
    /// Seconds after which the page loads itself again where scripts are off.
    package var refresh: Int?
    /// Whether an editor on it needs to write styles.
    package var hasEditor: Bool
    /// Whether it may use the whole width of the window.
    package var isWide: Bool

    package init(
        title: String, section: Section? = nil, body: HTML, fragments: [String: HTML] = [:], status: Int = 200,
        refresh: Int? = nil, hasEditor: Bool = false, isWide: Bool = false
    ) {
        self.title = title
        self.section = section
        self.body = body
        self.fragments = fragments
        self.status = status
        self.refresh = refresh
        self.hasEditor = hasEditor
        self.isWide = isWide
    }
}
