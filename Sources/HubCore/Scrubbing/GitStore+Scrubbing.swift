import CGit2
import Crypto
import Foundation
import Subprocess

/// A file of a git repository that a scrub reads.
struct ScrubbedGitFile: Sendable {
    let path: String
    /// The id of the object in it; nil for files that end with a checksum over the rest.
    let object: ObjectID?
    let bytes: Int64

    /// What it is called in findings.
    var name: String { object?.hex ?? (path as NSString).lastPathComponent }
    var kind: ScrubFinding.Kind { object != nil ? .object : path.hasSuffix(".pack") ? .pack : .derived }
}

/// What became of the objects of a damaged pack.
package struct PackRescue: Sendable {
    /// Objects that could still be read and are stored again.
    package let saved: Int
    /// Objects that could not.
    package let lost: [ObjectID]
}

extension GitStore {
    // MARK: Finding

    /// Every file of a repository that says what has to be in it.
    func scrubbedFiles(of key: Int64) async throws -> [ScrubbedGitFile] {
        let objects = directory(of: key) + "/objects"
        return try await onThread {
            guard FileManager.default.fileExists(atPath: objects) else { return [] }
            var files: [ScrubbedGitFile] = []
            func add(_ path: String, _ object: ObjectID? = nil) throws {
                guard let bytes = try PosixFile.size(of: path) else { return }
                files.append(ScrubbedGitFile(path: path, object: object, bytes: bytes))
            }
            for name in try PosixFile.names(in: objects + "/pack").sorted() {
                let hasChecksum =
                    name == "multi-pack-index"
                    || name.hasPrefix("pack-")
                        && ["pack", "idx", "rev", "bitmap", "mtimes"].contains(name.split(separator: ".").last ?? "")
                if hasChecksum { try add("\(objects)/pack/\(name)") }
            }
            try add("\(objects)/info/commit-graph")
            for name in (try? PosixFile.names(in: objects + "/info/commit-graphs")) ?? [] where name.hasSuffix(".graph")
            {
                try add("\(objects)/info/commit-graphs/\(name)")
            }
            for folder in try PosixFile.names(in: objects).sorted() where folder.utf8.count == 2 {
                for name in try PosixFile.names(in: "\(objects)/\(folder)").sorted() {
                    if let id = ObjectID(folder + name) { try add("\(objects)/\(folder)/\(name)", id) }
                }
            }
            return files
        }
    }

    /// What is wrong with a file; nil when nothing is, or it is gone.
    func problem(of file: ScrubbedGitFile, in key: Int64, pace: ScrubPace) async throws -> String? {
        if let id = file.object {
            let objects = directory(of: key) + "/objects"
            let problem = try await onThread { Self.problem(ofLoose: id, in: objects, bytes: file.bytes) }
            try await pace.spend(file.bytes)
            return problem
        }
        do {
            let hashing = TrailerHashing(try await onThread { try OpenFile(path: file.path) })
            while try await onThread({ try hashing.next(ScrubPace.slice) }) { try await pace.spend(ScrubPace.slice) }
            return hashing.isTrue ? nil : "The bytes do not match the checksum at the end."
        } catch let error as HubError where error.code == .notFound {
            return nil
        } catch let error as HubError where error.code == .storageCorrupt {
            return error.message
        }
    }

    private static func problem(ofLoose id: ObjectID, in objects: String, bytes: Int64) -> String? {
        // What it holds is not known before it is read; most compress to a fourth at best.
        var limit = Int(min(max(bytes, 1_024).multipliedReportingOverflow(by: 4).partialValue, 1 << 30))
        while true {
            switch LooseObjects.read(id, in: objects, limit: limit) {
            case .absent, .object: return nil
            case .damaged: return "The bytes do not match the object's id."
            case .unreadable: return "The file cannot be read."
            case .tooLarge:
                guard limit < 2 << 30 else { return nil }
                limit *= 4
            }
        }
    }

    // MARK: Taking away

    /// Files that are kept for people to look at.
    private static let quarantineLimit = 16

    /// Takes a file out of the repository, so that nothing of it is served.
    func setAside(_ file: ScrubbedGitFile, in key: Int64) async throws {
        let place = try quarantine(of: key)
        try await onThread {
            guard try PosixFile.size(of: file.path) != nil else { return }
            try DurableFiles.move(file.path, to: "\(place)-\(file.name)")
            // Handles that were opened before are not lent again.
            _ = try PosixFile.touch((file.path as NSString).deletingLastPathComponent)
        }
        closeHandles(key)
    }

    /// Makes a pack's index anew from the pack.
    /// - Returns: whether it is there again.
    func rebuildIndex(ofPack name: String, in key: Int64) async throws -> Bool {
        let pack = "\(directory(of: key))/objects/pack/\(name)"
        let outcome = try await process.run(
            ["index-pack", "--threads=1", pack],
            environment: GitEnvironment(repository: directory(of: key)).all, limits: GitProcess.Limits(),
            input: NoChunks?.none
        ) { _ in }
        closeHandles(key)
        return outcome.status.isSuccess
    }

    /// Takes a damaged pack out of the repository and stores what can still be read of it again, object by object.
    ///
    /// Every object that is stored again was compared with its id.
    /// - Parameter name: of the pack's file.
    package func rescue(pack name: String, in key: Int64) async throws -> PackRescue {
        let base = String(name.dropLast(".pack".count))
        let folder = directory(of: key) + "/objects/pack"
        let place = "\(try quarantine(of: key))-\(base).git"
        let incoming = incomingDirectory
        let ids = try await onThread { () -> [ObjectID] in
            guard FileManager.default.fileExists(atPath: "\(folder)/\(name)") else { return [] }
            try RepositoryTemplate.make(at: place, through: incoming)
            let ids = (try? ObjectFolder.objects(ofIndex: "\(folder)/\(base).idx")) ?? []
            // The index first: nobody sees it without the pack.
            for suffix in ["idx", "rev", "bitmap", "mtimes", "keep", "pack"] {
                guard FileManager.default.fileExists(atPath: "\(folder)/\(base).\(suffix)") else { continue }
                try DurableFiles.move("\(folder)/\(base).\(suffix)", to: "\(place)/objects/pack/\(base).\(suffix)")
            }
            // They may name what is gone.
            try? PosixFile.remove("\(folder)/multi-pack-index")
            try? PosixFile.remove((folder as NSString).deletingLastPathComponent + "/info/commit-graph")
            _ = try PosixFile.touch(folder)
            return ids
        }
        closeHandles(key)
        var saved = 0
        var lost: [ObjectID] = []
        let batch = 256
        for start in stride(from: 0, to: ids.count, by: batch) {
            let part = Array(ids[start..<min(start + batch, ids.count)])
            let objects = try await onThread { () -> [(ObjectID, JournaledObject?)] in
                let source = try GitRepository(opening: place)
                return part.map { ($0, source.verified($0)) }
            }
            let missing = try await store(objects, in: key)
            saved += part.count - missing.count
            lost += missing
        }
        try await makeDurable(key)
        try await onThread { try Self.prune(incoming) }
        return PackRescue(saved: saved, lost: lost)
    }

    /// Objects of these that another repository of this hub has, stored in this one.
    /// - Returns: those that it does not have.
    package func adopt(_ ids: [ObjectID], into key: Int64, from other: Int64) async throws -> [ObjectID] {
        guard other != key, await exists(other) else { return ids }
        var rest: [ObjectID] = []
        for start in stride(from: 0, to: ids.count, by: 256) {
            let part = Array(ids[start..<min(start + 256, ids.count)])
            let found = try await withRepository(other) { source in part.map { ($0, source.verified($0)) } }
            rest += try await store(found, in: key)
        }
        try await makeDurable(key)
        return rest
    }

    /// Which of these objects are not here.
    package func missing(_ ids: [ObjectID], in key: Int64) async throws -> [ObjectID] {
        try await withRepository(key) { repository in
            try repository.refresh()
            return ids.filter { !repository.contains($0) }
        }
    }

    /// Whether everything that some objects name is here, as far as the history is not cut.
    package func isWhole(_ key: Int64, from roots: [ObjectID]) async throws -> Bool {
        guard !roots.isEmpty else { return true }
        guard try await missing(roots, in: key).isEmpty else { return false }
        var isWhole = true
        let names = roots.map { Array("\($0.hex)\n".utf8) }
        let outcome = try await process.run(
            ["--git-dir=\(directory(of: key))", "rev-list", "--objects", "--missing=print", "--quiet", "--stdin"],
            environment: GitEnvironment(repository: directory(of: key)).all, limits: GitProcess.Limits(),
            input: AsyncThrowingStream<[UInt8], any Error> { continuation in
                for name in names { continuation.yield(name) }
                continuation.finish()
            }
        ) { if $0.contains(UInt8(ascii: "?")) { isWhole = false } }
        return outcome.status.isSuccess && isWhole
    }

    /// Stores what was found of objects.
    /// - Returns: those that were not found and are not here.
    private func store(_ objects: [(ObjectID, JournaledObject?)], in key: Int64) async throws -> [ObjectID] {
        try await withWriter(key) { target in
            var missing: [ObjectID] = []
            for (id, object) in objects {
                guard let object else {
                    if !target.contains(id) { missing.append(id) }
                    continue
                }
                try target.write(object.bytes, as: object.kind)
            }
            return missing
        }
    }

    /// Where something damaged of a repository goes: a beginning of names that nobody else has.
    private func quarantine(of key: Int64) throws -> String {
        let folder = root + "/quarantine"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return "\(folder)/\(Int64(Date().timeIntervalSince1970 * 1_000_000))-\(key)"
    }

    /// Forgets the oldest beyond the limit.
    private static func prune(_ incoming: String) throws {
        let folder = (incoming as NSString).deletingLastPathComponent + "/quarantine"
        let names = try PosixFile.names(in: folder).sorted(by: >)
        for name in names.dropFirst(quarantineLimit) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }
}

extension GitRepository {
    /// An object whose bytes are those of its id; nil when there is none, or it cannot be read.
    func verified(_ id: ObjectID) -> JournaledObject? {
        guard let found = try? read(id), let kind = JournaledObject.Kind(found.type) else { return nil }
        let object = JournaledObject(kind: kind, bytes: found.bytes)
        return object.id == id ? object : nil
    }
}

/// Hashes a file that ends with the SHA-1 of the rest of it, a slice at a time.
///
/// `@unchecked Sendable`: used by one job after the other.
private final class TrailerHashing: @unchecked Sendable {
    private let file: OpenFile
    private var hash = Insecure.SHA1()
    private var offset: Int64 = 0
    private var trailer: [UInt8] = []

    init(_ file: OpenFile) { self.file = file }

    /// - Returns: whether there is more.
    func next(_ limit: Int64) throws -> Bool {
        let body = max(0, file.size - 20)
        let end = min(body, offset + limit)
        while offset < end {
            let bytes = try file.read(at: offset, count: Int(min(1 << 20, end - offset)))
            guard !bytes.isEmpty else { return false }
            hash.update(data: bytes)
            offset += Int64(bytes.count)
        }
        guard offset == body else { return true }
        trailer = try file.read(at: body, count: 20)
        return false
    }

    var isTrue: Bool { trailer.count == 20 && trailer == Array(hash.finalize()) }
}
