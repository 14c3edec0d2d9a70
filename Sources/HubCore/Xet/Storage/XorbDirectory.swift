import Foundation
import Synchronization

/// The directories of stored xorbs, and the order in which files become durable in them (law 3).
///
///     xorbs/ab/cd/<hash>      a verified xorb: its chunks as the client packed them, then a `XorbFooter`; read-only
///     incoming/<random>       one that is being received
///     lost/<hash>             one that was found damaged
///     generation              the storage generation, see `XetGeneration`
///
/// All calls block.
final class XorbDirectory: Sendable {
    let root: String
    /// Directories whose own entry is known to be durable.
    private let durable = Mutex<Set<String>>([])

    /// Makes the directories that are missing and removes what interrupted uploads left.
    init(root: String) throws {
        self.root = root
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        for name in ["xorbs", "incoming", "lost"] { try makeDurable("\(root)/\(name)", in: root) }
        for name in try PosixFile.names(in: "\(root)/incoming") {
            // Whoever is writing holds the lock.
            guard let file = try BlobFile.openOrCreate(at: "\(root)/incoming/\(name)") else { continue }
            file.discard()
        }
    }

    func path(of name: XetHash) -> String { Self.path(of: name, below: root) }

    static func path(of name: XetHash, below root: String) -> String {
        "\(root)/xorbs/\(name.text.prefix(2))/\(name.text.dropFirst(2).prefix(2))/\(name.text)"
    }

    /// A new, locked file for a xorb that is being received.
    /// - Throws: `storageFull` when there is no room for one of the largest.
    func createIncoming() throws -> BlobFile {
        let (free, total) = try PosixFile.space(at: root)
        let reserve = min(BlobDirectory.reserve, total / 20)
        let needed = XorbLimits().storedBytes
        guard needed <= free - reserve else {
            throw FileFailure.full("a xorb may have \(needed) bytes, \(max(0, free - reserve)) are free")
        }
        return try BlobFile.create(at: "\(root)/incoming/\(UUID().uuidString.lowercased())")
    }

    /// A stored xorb; nil when there is none of this name.
    /// - Throws: `storage-corrupt` when it is damaged.
    func open(_ name: XetHash) throws -> XorbFile? {
        guard let file = try openFile(name) else { return nil }
        return XorbFile(file: file, index: try XorbFooter.index(of: file, named: name))
    }

    /// How many chunks a stored xorb has; nil when there is none of this name.
    /// - Throws: `storage-corrupt` when it is damaged.
    func chunkCount(of name: XetHash) throws -> Int? {
        try openFile(name).map { try XorbFooter.chunkCount(of: $0, named: name) }
    }

    /// Makes a whole and verified file the stored xorb `name`: sync, rename, sync the directories. A good one that is
    /// stored already stays, and is durable on return.
    func publish(_ file: BlobFile, as name: XetHash) throws {
        let leaf = leaf(of: name)
        let branch = "\(root)/xorbs/\(name.text.prefix(2))"
        // Touched, so that the collector sees that somebody wants it again.
        if let stored = try? open(name), stored.file.size == file.count, try PosixFile.touch(path(of: name)) {
            try PosixFile.remove(file.path)
        } else {
            try file.seal()
            try makeDurable(branch, in: "\(root)/xorbs")
            try makeDurable(leaf, in: branch)
            try PosixFile.rename(file.path, to: path(of: name))
        }
        try PosixFile.sync(directory: leaf)
    }

    /// Takes a damaged xorb out of the way, so that it can be stored again.
    func lose(_ name: XetHash) throws {
        guard try PosixFile.size(of: path(of: name)) != nil else { return }
        try PosixFile.rename(path(of: name), to: "\(root)/lost/\(name.text)")
    }

    private func openFile(_ name: XetHash) throws -> OpenFile? {
        do {
            return try OpenFile(path: path(of: name))
        } catch let error as HubError where error.code == .notFound {
            return nil
        }
    }

    /// The stored xorbs whose name begins with the byte `prefix`, in order.
    func names(beginningWith prefix: UInt8) throws -> [XetHash] {
        let branch = "\(root)/xorbs/\(Hexadecimal.encode([prefix]))"
        return try PosixFile.names(in: branch).sorted().flatMap { leaf in
            try PosixFile.names(in: "\(branch)/\(leaf)").sorted().compactMap { XetHash($0) }
        }
    }

    private func leaf(of name: XetHash) -> String {
        "\(root)/xorbs/\(name.text.prefix(2))/\(name.text.dropFirst(2).prefix(2))"
    }

    private func makeDurable(_ path: String, in parent: String) throws {
        if durable.withLock({ $0.contains(path) }) { return }
        try PosixFile.makeDirectory(path)
        try PosixFile.sync(directory: parent)
        durable.withLock { _ = $0.insert(path) }
    }
}
