import Foundation

/// A folder in which objects from outside wait until they are let among a repository's own: git children that are given
/// its environment see both, everybody else sees neither the folder nor what is in it.
struct Quarantine: Sendable {
    /// The repository it belongs to.
    let key: Int64
    /// The repository's folder.
    let repository: String
    /// The quarantine's own folder.
    let path: String

    var environment: GitEnvironment {
        var environment = GitEnvironment(repository: repository)
        // What is let in is synced then; what is not need not be.
        environment.set("core.fsync", "none")
        environment["GIT_DIR"] = repository
        environment["GIT_OBJECT_DIRECTORY"] = path
        environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = Self.quoted(repository + "/objects")
        return environment
    }

    /// A path as the alternates variable reads it, whatever characters it has.
    private static func quoted(_ path: String) -> String {
        "\"" + path.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
    }
}

extension GitStore {
    /// Runs work with a quarantine folder, which is gone afterwards however the work ended.
    func withQuarantine<Result: Sendable>(
        for key: Int64, _ body: (Quarantine) async throws -> Result
    ) async throws -> Result {
        let quarantine = Quarantine(
            key: key, repository: directory(of: key), path: "\(incomingDirectory)/\(Leftovers.newName())")
        try await onThread {
            guard FileManager.default.fileExists(atPath: quarantine.repository + "/HEAD") else {
                throw HubError(.storageCorrupt, "The repository \(quarantine.repository) is not there.")
            }
            try FileManager.default.createDirectory(
                atPath: quarantine.path + "/pack", withIntermediateDirectories: true)
        }
        do {
            let result = try await body(quarantine)
            await discard(quarantine)
            return result
        } catch {
            await discard(quarantine)
            throw error
        }
    }

    /// Moves a pack's files among the repository's others, the index last: git and libgit2 see a pack by its index.
    func admit(_ result: PackIntakeResult, from quarantine: Quarantine) async throws {
        guard let pack = result.pack else { return }
        let lock = WritersLock(repository: quarantine.repository)
        try await onThread {
            try lock.shared { try Self.move(pack, from: quarantine) }
        }
    }

    /// Blocks.
    static func move(_ pack: ObjectID, from quarantine: Quarantine) throws {
        let target = quarantine.repository + "/objects/pack"
        for suffix in ["keep", "pack", "rev", "idx"] {
            let file = "pack-\(pack).\(suffix)"
            guard FileManager.default.fileExists(atPath: "\(quarantine.path)/pack/\(file)") else { continue }
            try DurableFiles.sync("\(quarantine.path)/pack/\(file)")
            try DurableFiles.move("\(quarantine.path)/pack/\(file)", to: "\(target)/\(file)")
        }
        try DurableFiles.sync(target)
    }

    private func discard(_ quarantine: Quarantine) async {
        // Must happen for a cancelled caller too, hence a task of its own, which is awaited.
        await Task { [self] in
            try? await onThread { try FileManager.default.removeItem(atPath: quarantine.path) }
        }.value
    }
}
