import Foundation
import HubCore

/// `hub.lock`: which commits a project uses, with every file of them.
struct HubLock: Codable, Hashable {
    struct File: Codable, Hashable {
        let path: String
        /// Bytes.
        let size: Int64
        let sha256: String
    }

    struct Repository: Codable, Hashable {
        /// As `model:acme/demo`.
        let repository: String
        /// What was asked for: a branch, a tag or a commit.
        let revision: String
        let commit: String
        /// What its card declares.
        let licenses: [String]
        /// What the hub's policy decided: `allow`, `review` or `deny`; nil when it was not told.
        let verdict: String?
        /// One digest over all files, as the transparency log has it.
        let contents: String
        /// By path.
        let files: [File]

        var bytes: Int64 { files.reduce(0) { $0.addingReportingOverflow($1.size).partialValue } }
    }

    let version: Int
    let endpoint: String
    /// Of the policy that decided; nil when it was not told.
    let policyDigest: String?
    let repositories: [Repository]

    /// Files of a lock at most.
    private static let largest = 256 << 20

    /// - Throws: `.badRequest` when it is none, `.notFound` when it cannot be read.
    static func read(_ path: String) throws -> HubLock {
        guard let data = FileManager.default.contents(atPath: path), data.count <= largest else {
            throw HubError(
                .notFound, "The lock '\(path)' cannot be read.", remedy: "Make one with 'weir lock resolve'.")
        }
        guard let lock = try? JSONDecoder().decode(HubLock.self, from: data) else {
            throw HubError(.badRequest, "'\(path)' is no lock.", remedy: "Make it anew with 'weir lock resolve'.")
        }
        guard lock.version == 1 else {
            throw HubError(.badRequest, "'\(path)' is a lock of version \(lock.version); this release reads version 1.")
        }
        for repository in lock.repositories {
            guard RepositoryID(parsing: repository.repository) != nil, ObjectID(repository.commit) != nil else {
                throw HubError(.badRequest, "'\(repository.repository)' in '\(path)' names no repository and commit.")
            }
            // Whoever wrote the file must not choose what is read beside the folder.
            for file in repository.files where !isPlain(file.path) || BlobID(file.sha256) == nil || file.size < 0 {
                throw HubError(.badRequest, "'\(file.path)' of \(repository.repository) in '\(path)' is no file.")
            }
            let contents = ContentsDigest.of(repository.files.map { (path: $0.path, sha256: $0.sha256) })
            guard contents == repository.contents else {
                throw HubError(
                    .storageCorrupt,
                    "The files of \(repository.repository) in '\(path)' are not those it was made with.")
            }
        }
        return lock
    }

    /// Whether a path stays below the folder it is asked in.
    private static func isPlain(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return !path.utf8.contains(0) && parts.allSatisfy { !["", ".", ".."].contains($0) }
    }

    /// The file's text: JSON, its members in one order, so that two locks of the same are equal.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
