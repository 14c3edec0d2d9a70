/// A bundle that was checked and may be published: everything that becomes visible with it, at once.
package struct BundleArrival: Sendable {
    /// One repository of it.
    package struct Repository: Sendable {
        package let id: RepositoryID
        /// The key of the repository that is here, or the one that its git folder was made under.
        package let key: Int64
        package let mirror: HubCore.Repository.Mirror
        package let visibility: HubCore.Repository.Visibility
        package let defaultBranch: String
        /// Refs as the bundle has them, with what they may be moved from: nil for one that is new.
        package let refs: [(ref: Ref, from: ObjectID?)]
        /// Refs that the exporter no longer has.
        package let removed: [RefName]
        /// Commits that are here with everything they descend from.
        package let commits: [CommitID]
        package let links: [BlobLink]
        /// How each commit came here.
        package let provenance: [(commit: CommitID, record: ProvenanceRecord)]
        /// What the default branch holds; nil when it did not move.
        package let head: HeadFacts?

        package init(
            id: RepositoryID, key: Int64, mirror: HubCore.Repository.Mirror,
            visibility: HubCore.Repository.Visibility, defaultBranch: String, refs: [(ref: Ref, from: ObjectID?)],
            removed: [RefName], commits: [CommitID], links: [BlobLink],
            provenance: [(commit: CommitID, record: ProvenanceRecord)], head: HeadFacts?
        ) {
            self.id = id
            self.key = key
            self.mirror = mirror
            self.visibility = visibility
            self.defaultBranch = defaultBranch
            self.refs = refs
            self.removed = removed
            self.commits = commits
            self.links = links
            self.provenance = provenance
            self.head = head
        }
    }

    package let record: BundleRecord
    /// Who takes it in; nil for the operator.
    package let principal: Principal?
    package let repositories: [Repository]
    /// What became of every repository of the bundle.
    package let outcomes: [BundleRecord.Repository]
    /// What the bundle carries, for those who ask later.
    package let contents: [(id: BlobID, size: Int64)]

    package init(
        record: BundleRecord, principal: Principal?, repositories: [Repository],
        outcomes: [BundleRecord.Repository], contents: [(id: BlobID, size: Int64)]
    ) {
        self.record = record
        self.principal = principal
        self.repositories = repositories
        self.outcomes = outcomes
        self.contents = contents
    }
}
