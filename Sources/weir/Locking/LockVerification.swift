import Foundation
import HubCore

/// Compares what lies in a folder with a lock, asking nobody.
struct LockVerification {
    let lock: HubLock
    let folder: String
    /// Whether files that the lock does not name are wrong.
    let isStrict: Bool

    private(set) var problems: [String] = []
    private(set) var files = 0
    private(set) var bytes: Int64 = 0

    /// Names that clients make beside the files.
    private static let ownNames: Set<String> = [".cache", ".git", ".gitattributes", "hub.lock"]

    init(lock: HubLock, folder: String, isStrict: Bool) {
        self.lock = lock
        self.folder = folder
        self.isStrict = isStrict
    }

    mutating func run() {
        for repository in lock.repositories {
            guard let root = root(of: repository) else {
                problems.append("\(repository.repository)@\(repository.commit) is not in '\(folder)'")
                continue
            }
            for file in repository.files { check(file, of: repository, in: root) }
            if isStrict { findOthers(beside: repository, in: root) }
        }
    }

    /// Where a repository's files lie: a client's cache, a folder by name, or the folder itself when it is the only one.
    private func root(of repository: HubLock.Repository) -> String? {
        guard let id = RepositoryID(parsing: repository.repository) else { return nil }
        let cache = "\(id.kind.rawValue)s--\(id.namespace)--\(id.name)/snapshots/\(repository.commit)"
        var places = ["\(folder)/\(cache)", "\(folder)/hub/\(cache)", "\(folder)/\(id.namespace)/\(id.name)"]
        if lock.repositories.count == 1 { places.append(folder) }
        return places.first { place in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) && isFolder.boolValue
        }
    }

    private mutating func check(_ file: HubLock.File, of repository: HubLock.Repository, in root: String) {
        let name = "\(repository.repository) \(file.path)"
        // A client's cache has links to its blobs: what they lead to is read.
        let path = URL(filePath: "\(root)/\(file.path)").resolvingSymlinksInPath().path
        let found: (id: BlobID, bytes: Int64)
        do {
            guard let read = try BlobID.ofFile(at: path) else {
                problems.append("\(name): missing")
                return
            }
            found = read
        } catch {
            problems.append("\(name): it cannot be read")
            return
        }
        files += 1
        bytes += found.bytes
        if found.bytes != file.size {
            problems.append("\(name): \(found.bytes) bytes, the lock says \(file.size)")
        } else if found.id.hex != file.sha256 {
            problems.append("\(name): its bytes are not those of the lock")
        }
    }

    private mutating func findOthers(beside repository: HubLock.Repository, in root: String) {
        let known = Set(repository.files.map(\.path))
        guard let names = FileManager.default.enumerator(atPath: root) else { return }
        for case let name as String in names {
            if let first = name.split(separator: "/").first, Self.ownNames.contains(String(first)) { continue }
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: "\(root)/\(name)", isDirectory: &isFolder)
            if !known.contains(name), !exists || !isFolder.boolValue {
                problems.append("\(repository.repository) \(name): not in the lock")
            }
        }
    }
}
