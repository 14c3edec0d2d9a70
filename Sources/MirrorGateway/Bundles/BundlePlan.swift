import HubCore

/// One repository of a bundle, and what is to become of it here.
struct BundlePlan: Sendable {
    struct Wanted: Sendable {
        let ref: Ref
        let commit: CommitID
        let files: [BundleStatement.File]
        let license: [String]
    }

    /// As the bundle names it.
    let id: RepositoryID
    let entry: BundleStatement.Repository
    let wanted: [Wanted]
    let prerequisites: [CommitID]
    /// As it is called here.
    var local: RepositoryID
    var mirror: Repository.Mirror?
    /// The repository that is here; nil for a new one.
    var existing: Int64?
    /// Why nothing of it is taken.
    var refusal: HubError?

    /// Reads what a statement says of a repository.
    /// - Throws: `.unprocessable` for names, ids and paths that are none.
    init(_ entry: BundleStatement.Repository) throws {
        guard let kind = RepositoryKind(rawValue: entry.kind), let id = RepositoryID(kind: kind, path: entry.id),
            !RepositoryID.reservedNamespaces.contains(id.namespaceKey)
        else {
            throw BundleLayout.wrong("'\(entry.kind):\(entry.id)'".prefix(200) + " is no name of a repository")
        }
        guard Repository.Visibility(rawValue: entry.visibility) != nil, RefName.branch(entry.defaultBranch) != nil,
            !entry.refs.isEmpty, entry.refs.count <= 100_000
        else { throw BundleLayout.wrong("what it says of \(id) cannot be") }
        var names: Set<RefName> = []
        wanted = try entry.refs.map { ref in
            guard let name = RefName(ref.name), name.isBranch || name.isTag, names.insert(name).inserted,
                let target = ObjectID(ref.target), let commit = CommitID(ref.commit), target.hex == ref.target,
                commit.hex == ref.commit, ref.peeled != ref.target
            else { throw BundleLayout.wrong("\(id) has a ref that cannot be") }
            return Wanted(
                ref: Ref(name: name, target: target, peeled: ref.peeled == nil ? nil : commit), commit: commit,
                files: ref.files, license: ref.license)
        }
        prerequisites = try entry.prerequisites.map { text in
            guard let commit = CommitID(text) else { throw BundleLayout.wrong("\(id) needs a commit that is none") }
            return commit
        }
        self.id = id
        self.entry = entry
        local = id
    }

    var visibility: Repository.Visibility { Repository.Visibility(rawValue: entry.visibility) ?? .private }

    /// The newest commit of the default branch.
    var head: Wanted? {
        let branch = RefName.branch(entry.defaultBranch)
        return wanted.first { $0.ref.name == branch }
    }
}
