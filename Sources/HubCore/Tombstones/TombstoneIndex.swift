/// All that is buried, to be asked about each thing that is about to be served. Pure.
package struct TombstoneIndex: Sendable {
    private var digests: [BlobID: Tombstone] = [:]
    private var objects: [ObjectID: Tombstone] = [:]
    /// By folded name.
    private var repositories: [String: Tombstone] = [:]
    private var revisions: [String: Tombstone] = [:]
    private var namespaces: [String: Tombstone] = [:]
    private var licenses: [String: Tombstone] = [:]
    /// The same, as peers tell them: their names are about what is mirrored, never about what is ours.
    private var mirroredRepositories: [String: Tombstone] = [:]
    private var mirroredRevisions: [String: Tombstone] = [:]
    private var mirroredNamespaces: [String: Tombstone] = [:]
    private var mirroredLicenses: [String: Tombstone] = [:]
    /// Digests whose bytes may lie in git under a name that is not known.
    private var unnamed: Set<BlobID> = []

    package init(_ tombstones: some Sequence<Tombstone> = []) {
        for tombstone in tombstones where !tombstone.isLifted { insert(tombstone) }
    }

    private mutating func insert(_ tombstone: Tombstone) {
        let (key, isOurs) = (tombstone.target.key, tombstone.peer == nil)
        switch tombstone.target {
        case .digest(let blob):
            digests[blob] = digests[blob] ?? tombstone
            if let object = tombstone.gitID {
                objects[object] = objects[object] ?? tombstone
                unnamed.remove(blob)
            } else {
                unnamed.insert(blob)
            }
        case .object(let object): objects[object] = objects[object] ?? tombstone
        case .repository:
            if isOurs { repositories[key] = tombstone }
            mirroredRepositories[key] = mirroredRepositories[key] ?? tombstone
        case .revision:
            if isOurs { revisions[key] = tombstone }
            mirroredRevisions[key] = mirroredRevisions[key] ?? tombstone
        case .namespace:
            if isOurs { namespaces[key] = tombstone }
            mirroredNamespaces[key] = mirroredNamespaces[key] ?? tombstone
        case .license:
            if isOurs { licenses[key] = tombstone }
            mirroredLicenses[key] = mirroredLicenses[key] ?? tombstone
        }
    }

    package var isEmpty: Bool {
        digests.isEmpty && objects.isEmpty && mirroredRepositories.isEmpty && mirroredRevisions.isEmpty
            && mirroredNamespaces.isEmpty && mirroredLicenses.isEmpty
    }

    /// Whether what cards say of licences matters.
    package var namesLicenses: Bool { !mirroredLicenses.isEmpty }
    /// Whether the SHA-256 of what git holds itself matters.
    package var needsContentDigests: Bool { !unnamed.isEmpty }
    /// Names in git that are buried.
    package var buriedObjects: Dictionary<ObjectID, Tombstone>.Keys { objects.keys }

    /// What buries bytes.
    package func tombstone(of blob: BlobID) -> Tombstone? { digests[blob] }

    /// What buries a git object.
    package func tombstone(of object: ObjectID) -> Tombstone? { objects[object] }

    /// What buries a repository by its names, or its author.
    package func tombstone(of repository: RepositoryID, origin: Repository.Origin) -> Tombstone? {
        let names = Self.names(of: repository, origin)
        let isMirror = origin != .local
        for name in names {
            if let tombstone = (isMirror ? mirroredRepositories : repositories)[name.description.lowercased()] {
                return tombstone
            }
            if let tombstone = (isMirror ? mirroredNamespaces : namespaces)[name.namespaceKey] { return tombstone }
        }
        return nil
    }

    /// What buries one commit of a repository.
    package func tombstone(of commit: CommitID, in repository: RepositoryID, origin: Repository.Origin) -> Tombstone? {
        let table = origin == .local ? revisions : mirroredRevisions
        guard !table.isEmpty else { return nil }
        for name in Self.names(of: repository, origin) {
            if let tombstone = table["\(name.description.lowercased())@\(commit.hex)"] { return tombstone }
        }
        return nil
    }

    /// What buries content under licences.
    package func tombstone(ofLicenses names: [String], origin: Repository.Origin) -> Tombstone? {
        let table = origin == .local ? licenses : mirroredLicenses
        guard !table.isEmpty else { return nil }
        return names.lazy.compactMap { table[$0.lowercased()] }.first
    }

    /// The name a repository has here, and the one it has at its upstream.
    private static func names(of repository: RepositoryID, _ origin: Repository.Origin) -> [RepositoryID] {
        guard case .mirror(let mirror) = origin,
            let upstream = RepositoryID(kind: repository.kind, path: mirror.path), upstream != repository
        else { return [repository] }
        return [repository, upstream]
    }
}
