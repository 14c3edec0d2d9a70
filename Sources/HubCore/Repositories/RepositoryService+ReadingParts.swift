/// Reading for somebody whom grants keep from some paths.
///
/// In listings such paths are as if they were not there, for names may say as much as contents; who asks for one by its
/// name is told which grant keeps it from him, whether it is there or not.
extension RepositoryService {
    /// - Throws: `.forbidden` for a path that may not be read.
    func requireReadable(_ path: String, of repository: Repository) throws {
        guard let denial = repository.rules.denialOfReading(path) else { return }
        throw HubError(
            .forbidden,
            "You may not read '\(path)' of \(repository.id): the grant \(String(denial.id, radix: 16)) denies it.")
    }

    /// git gives out a repository as a whole or not at all, and so do some others.
    /// - Parameter what: what cannot leave anything out.
    /// - Throws: `.forbidden` for somebody who may not read some paths.
    package func requireWholeReading(_ repository: Repository, for what: String = "git") throws {
        guard repository.rules.limitsReading else { return }
        throw HubError(
            .forbidden, "Some paths of \(repository.id) are kept from you, and \(what) cannot leave them out.",
            remedy: "Download and upload its files by the API, as huggingface_hub and csghub do.")
    }

    /// Which of these LFS objects the repository may give to its reader, with their sizes; others are absent.
    ///
    /// Where some paths are kept from him, an object is his when it lies at a path that is not, in the commit that had it
    /// first or at the tip of a branch or tag.
    package func lfsLinks(to pointers: [LFSPointer], of repository: Repository) async throws -> [BlobID: BlobLink] {
        let links = try await allLinks(to: pointers, of: repository)
        guard repository.rules.limitsReading else { return links }
        var readable: [BlobID: BlobLink] = [:]
        for (blob, link) in links where try await mayRead(link, of: repository) { readable[blob] = link }
        return readable
    }

    /// Whether a reader may have a linked LFS object.
    func mayRead(_ link: BlobLink, of repository: Repository) async throws -> Bool {
        let rules = repository.rules
        guard rules.limitsReading else { return true }
        if let path = link.path, rules.denialOfReading(path) == nil { return true }
        for commit in try await tips(of: repository) {
            let files: [TreeEntry]
            do {
                files = try await contents(of: commit, in: repository).files
            } catch let error as HubError where error.code == .unprocessable || error.code == .revisionNotFound {
                // Too large to be looked at, or not here: what cannot be shown to be readable is not.
                continue
            }
            let oid = link.pointer.oid
            if files.contains(where: { $0.lfs?.oid == oid && rules.denialOfReading($0.path) == nil }) { return true }
        }
        return false
    }

    /// The tips that are looked through for an object, the default branch's first.
    private static let maximumTips = 32

    private func tips(of repository: Repository) async throws -> [CommitID] {
        let main = RefName.branch(repository.defaultBranch)
        let refs = try await store.refs(of: repository.key)
        let ordered = refs.filter { $0.name == main } + refs.filter { $0.name != main }
        var seen: Set<CommitID> = []
        let commits = ordered.map { $0.peeled ?? $0.target }.filter { seen.insert($0).inserted }
        return Array(commits.prefix(Self.maximumTips))
    }
}

extension Repository {
    /// The entries that its reader may know of.
    func readable(_ entries: [TreeEntry]) -> [TreeEntry] {
        guard rules.limitsReading else { return entries }
        return entries.filter { rules.denialOfReading($0.path) == nil }
    }

    /// The large files that its reader may know of: what was never committed is at no path, and anybody's.
    package func readable(_ files: some Sequence<LargeFile>) -> [LargeFile] {
        guard rules.limitsReading else { return Array(files) }
        return files.filter { file in file.path.map { rules.denialOfReading($0) == nil } ?? false }
    }

    /// The contents that its reader may know of.
    func readable(_ contents: CommitContents) -> CommitContents {
        guard rules.limitsReading else { return contents }
        return CommitContents(
            files: readable(contents.files),
            card: rules.denialOfReading("README.md") == nil ? contents.card : .empty)
    }
}
