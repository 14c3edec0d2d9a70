import HubCore

/// What an answer can say about one repository; nil is what was not looked at or is not there.
struct RepositoryFacts: Sendable {
    let repository: Repository
    var commit: CommitID?
    /// Milliseconds since 1970.
    var lastModified: Int64
    var tags: [String]
    var card: Card
    /// Every file of the commit, or the first of very many.
    var files: [TreeEntry]?
    /// Whether `files` are all of them.
    var isWhole = true
    var configuration: ModelConfiguration?
    /// Whether each file is shown with its sizes and digests.
    var showsBlobs = false
    /// Whether the state of security scans was asked for.
    var showsSecurity = false
    /// What scans found, by path; nil where nobody looks.
    var security: [String: ScanStates.State]?

    /// As a row of a list has it.
    init(_ summary: RepositorySummary) {
        repository = summary.repository
        commit = summary.head
        lastModified = summary.repository.updatedAt
        tags = summary.tags
        card = Card(data: summary.card)
    }

    /// An empty repository.
    init(empty repository: Repository) {
        self.repository = repository
        lastModified = repository.updatedAt
        tags = []
        card = .empty
        files = []
    }

    /// As a commit has it.
    init(
        _ snapshot: Snapshot, _ commit: CommitInfo, _ contents: CommitContents, _ configuration: ModelConfiguration?
    ) {
        repository = snapshot.repository
        self.commit = snapshot.commit
        lastModified = commit.committer.seconds.multipliedReportingOverflow(by: 1_000).partialValue
        tags = contents.card.tags(for: snapshot.repository.id.kind)
        card = contents.card
        files = contents.files
        self.configuration = configuration
    }

    /// The card's, or what the configuration lets guess.
    var pipelineTag: String? { card.pipelineTag ?? configuration?.autoModel?.pipelineTag }
    /// The card's, or transformers when there is a configuration of its kind.
    var libraryName: String? { card.libraryName ?? configuration?.modelType.map { _ in "transformers" } }
}
