/// Where addresses in a document lead.
package struct MarkdownLinks: Sendable {
    /// The address of a page for a link; nil to leave it as it is written.
    package let link: @Sendable (_ written: String) -> String?
    /// The address on this hub of a picture; nil for one that is elsewhere, which browsers are never told to fetch.
    package let image: @Sendable (_ written: String) -> String?
    /// Whether `@name` leads to the page of that account.
    package let hasMentions: Bool

    package init(
        hasMentions: Bool = false, link: @escaping @Sendable (String) -> String? = { _ in nil },
        image: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.link = link
        self.image = image
        self.hasMentions = hasMentions
    }

    /// Of text that belongs to no repository.
    package static let discussion = MarkdownLinks(hasMentions: true)

    /// Of a file of a repository, at the revision that is looked at.
    /// - Parameters:
    ///   - folder: of the file, without slashes at its ends; empty for the root.
    ///   - repository: its page, such as `/models/acme/bert`.
    ///   - raw: what files are sent from, such as `/acme/bert/resolve/main`.
    ///   - revision: as one escaped segment.
    ///   - siteURL: absolute addresses below it are this hub's.
    ///   - hasMentions: whether `@name` leads to an account, as it does in comments.
    package static func file(
        in folder: String, of repository: String, raw: String, revision: String, siteURL: String? = nil,
        hasMentions: Bool = false
    ) -> MarkdownLinks {
        let place = RelativePlace(folder: folder, siteURL: siteURL)
        return MarkdownLinks(
            hasMentions: hasMentions,
            link: { written in
                guard let target = place.resolve(written) else { return nil }
                let view = target.isFolder ? "tree" : "blob"
                guard !target.path.isEmpty else { return "\(repository)/tree/\(revision)\(target.suffix)" }
                return "\(repository)/\(view)/\(revision)/\(URLText.path(target.path))\(target.suffix)"
            },
            image: { written in
                if let site = place.onSite(written) { return site }
                guard let target = place.resolve(written), !target.path.isEmpty else { return nil }
                return "\(raw)/\(URLText.path(target.path))"
            })
    }
}
