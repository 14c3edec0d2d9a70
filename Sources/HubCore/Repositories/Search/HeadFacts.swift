/// What lists and searches know of the default branch's newest commit, read from its README once.
package struct HeadFacts: Sendable, Hashable {
    package let commit: CommitID
    package let card: Card
    /// What the card says, for filters and counts.
    package let facets: [CardFacet]
    /// The README's text without the card, for the search.
    let text: String
    /// The git blob of the README, empty for a commit without one; nil where nobody knows.
    let readme: String?

    /// Flat tags, in the community hubs' own form.
    package var tags: [String] { facets.filter(\.isShown).map(\.tag) }

    /// The tags as the row of the repository holds them.
    var tagList: String { get throws { try JSONText.encode(.array(tags.map(JSONValue.string))) } }

    package init(commit: CommitID, card: Card, kind: RepositoryKind) {
        self.init(commit: commit, card: card, text: "", readme: nil, kind: kind)
    }

    /// - Parameter readme: the bytes of the commit's README; empty for none.
    init(commit: CommitID, readme: [UInt8], blob: ObjectID?, kind: RepositoryKind) {
        self.init(
            commit: commit, card: readme.isEmpty ? .empty : Card(readme: readme), text: ReadmeText.text(of: readme),
            readme: blob?.hex ?? "", kind: kind)
    }

    private init(commit: CommitID, card: Card, text: String, readme: String?, kind: RepositoryKind) {
        self.commit = commit
        self.card = card
        self.text = text
        self.readme = readme
        facets = card.facets(for: kind)
    }
}

extension GitStore {
    /// READMEs above this are no cards, in bytes.
    static let largestReadme = 4 << 20

    /// What lists and searches know of a commit: the one place where a card is read for them, whichever way it came.
    func headFacts(of commit: CommitID, in key: Int64, kind: RepositoryKind) async throws -> HeadFacts {
        guard let path = GitPath("README.md"), let readme = try await entry(at: path, commit: commit, in: key),
            readme.kind == .file || readme.kind == .executable, readme.lfs == nil, readme.size >= 0,
            readme.size <= Self.largestReadme
        else { return HeadFacts(commit: commit, readme: [], blob: nil, kind: kind) }
        return HeadFacts(
            commit: commit, readme: try await blob(readme.id, in: key, limit: Self.largestReadme), blob: readme.id,
            kind: kind)
    }
}
