/// What the author of a commit takes for granted of one path.
package enum CommitPrecondition: Sendable, Hashable {
    /// Nothing is there, or exactly this file: whoever repeats a commit that got through has not failed.
    case absent(GitPath, orHolding: StagedFile?)
    /// A file is there; with an id, that blob.
    case file(GitPath, blob: ObjectID?)
}

extension RepositoryService {
    /// - Throws: `.conflict` for a file that is there already, `.entryNotFound` for one that is not,
    ///   `.preconditionFailed` for one that holds something else by now.
    func check(_ preconditions: [CommitPrecondition], head: CommitID?, in repository: Repository) async throws {
        for precondition in preconditions {
            switch precondition {
            case .absent(let path, let file):
                guard let entry = try await present(at: path, head: head, in: repository) else { continue }
                if let file, file.blob == entry.id { continue }
                if try await isFirstCard(entry, in: repository) { continue }
                throw HubError(
                    .conflict, "The file '\(path)' already exists in \(repository.id).",
                    remedy: "Update it instead of creating it.")
            case .file(let path, let blob):
                guard let entry = try await present(at: path, head: head, in: repository), entry.kind != .directory
                else { throw HubError(.entryNotFound, "A file with this name doesn't exist: \(path).") }
                if let blob, blob != entry.id {
                    throw HubError(
                        .preconditionFailed, "The file '\(path)' was changed since you read it.",
                        remedy: "Read it again and repeat the change.")
                }
            }
        }
    }

    private func present(at path: GitPath, head: CommitID?, in repository: Repository) async throws -> TreeEntry? {
        guard let head else { return nil }
        return try await git.entry(at: path, commit: head, in: repository.key)
    }

    /// The card a repository was made with gives way to the first that somebody writes.
    private func isFirstCard(_ entry: TreeEntry, in repository: Repository) async throws -> Bool {
        guard entry.path == "README.md", entry.lfs == nil, entry.size <= 4_096 else { return false }
        let bytes = try await git.blob(entry.id, in: repository.key, limit: 4_096)
        let card = Card(readme: bytes)
        var initial = InitialFiles()
        initial.card = [("license", card.licenses.first), ("sdk", card.data?["sdk"]?.scalarText)].compactMap {
            key, value in value.map { (key, $0) }
        }
        return initial.files(for: repository.id).contains { $0.name == entry.path && $0.bytes == bytes }
    }
}
