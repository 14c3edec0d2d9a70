import Foundation
import Synchronization

/// The directories of a blob store, and the order in which files become durable in them.
///
///     sha256/ab/cd/<hex>          a stored blob, read-only
///     partial/<hex>               a download that goes on or can be resumed
///     partial/<hex>.ranges        which bytes of it are there, where they came out of order (`RangeLedger`)
///     incoming/<random>           a body that is being received
///     uploads/<session>           an upload in pieces that goes on or can be resumed
///     quarantine/<hex>.<time>     bytes that were not what their name says; the newest few are kept
///     suspect/<hex>               empty: readers may hold bytes of this blob that were never verified
///     bundles/<bundle>/<hex>      what a bundle brought that is being imported (`BundleShelf`)
///
/// All calls block.
final class BlobDirectory: Sendable {
    private struct State {
        /// Directories whose own entry is known to be durable.
        var durable: Set<String> = []
        /// Why nothing is written any more.
        var failure: HubError?
        /// Blobs of which unverified bytes may have left.
        var suspects: Set<BlobID> = []
    }

    /// Quarantined files that are kept for people to look at.
    static let quarantineLimit = 16
    /// Bytes that downloads leave free, so that the database and the cleaning up can go on; on a small file system a
    /// twentieth of it.
    static let reserve: Int64 = 64 << 20

    private let root: String
    private let now: @Sendable () -> Date
    /// Bytes that are free, and bytes there are.
    let space: @Sendable () throws -> (free: Int64, total: Int64)
    private let state = Mutex(State())
    /// What need not be hashed again by the scan that follows.
    let verified = VerifiedFiles()

    /// Makes the directories that are missing.
    init(
        root: String, now: @escaping @Sendable () -> Date,
        space: (@Sendable () throws -> (free: Int64, total: Int64))? = nil
    ) throws {
        self.root = root
        self.space = space ?? { try PosixFile.space(at: root) }
        self.now = now
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        for name in ["sha256", "partial", "incoming", "uploads", "quarantine", "suspect"] {
            try makeDurable("\(root)/\(name)", in: root)
        }
        let suspects = try PosixFile.names(in: "\(root)/suspect").compactMap { BlobID($0) }
        state.withLock { $0.suspects = Set(suspects) }
    }

    func path(of id: BlobID) -> String { "\(directory(of: id))/\(id.hex)" }

    func partialPath(of id: BlobID) -> String { "\(root)/partial/\(id.hex)" }

    /// Where bundles lie while they are imported; made by whoever imports one.
    var shelves: String { "\(root)/bundles" }

    func uploadPath(_ session: UploadSession) -> String { uploadPath(named: session.name) }
    func uploadPath(named name: String) -> String { "\(root)/uploads/\(name)" }

    /// A new, locked file for a body that is being received.
    func createIncoming() throws -> BlobFile {
        try checkWritable()
        return try BlobFile.create(at: "\(root)/incoming/\(UUID().uuidString.lowercased())")
    }

    /// Bytes of a stored blob; nil when it is not stored.
    func size(of id: BlobID) throws -> Int64? { try PosixFile.size(of: path(of: id)) }

    /// Refuses a write for which there is no room.
    /// - Parameter disk: what was found a moment ago; nil to look.
    func checkSpace(for bytes: Int64, on disk: (free: Int64, total: Int64)? = nil) throws {
        let (free, total) = try disk ?? space()
        let reserve = min(Self.reserve, total / 20)
        let (needed, overflow) = max(0, bytes).addingReportingOverflow(reserve)
        guard !overflow, needed <= free else {
            throw FileFailure.full("\(bytes) bytes are wanted, \(max(0, free - reserve)) are free")
        }
    }

    /// - Throws: the failure after which nothing may be written.
    func checkWritable() throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Makes a whole and verified file the stored blob `id`: sync, rename, sync the directories.
    ///
    /// When the blob is stored already the file is dropped, and the stored one is durable on return.
    func publish(_ file: BlobFile, as id: BlobID) throws {
        try checkWritable()
        let leaf = directory(of: id)
        let branch = "\(root)/sha256/\(id.hex.prefix(2))"
        do {
            // What came by another way says nothing about a download that was cut: its readers may hold other bytes.
            if file.path != partialPath(of: id), try PosixFile.size(of: partialPath(of: id)) ?? 0 > 0 { suspect(id) }
            // Touched, so that the collector sees that somebody wants it again.
            if try size(of: id) == file.count, try PosixFile.touch(path(of: id)) {
                try PosixFile.remove(file.path)
            } else {
                try file.seal()
                try makeDurable(branch, in: "\(root)/sha256")
                try makeDurable(leaf, in: branch)
                try PosixFile.rename(file.path, to: path(of: id))
                // As it is after its last change: its mode and its name.
                verified.note(id, file.descriptor, hashed: file.count)
            }
            try PosixFile.sync(directory: leaf)
        } catch let error as HubError {
            // After a failed fsync nobody knows what is on the disk, and asking again may answer with a lie.
            if error.code == .storageCorrupt { refuseWrites(because: error) }
            throw error
        }
    }

    /// Makes a whole, verified and durable file of a bundle's shelf the stored blob `id`, as `publish(_:as:)` does.
    func publish(shelved path: String, size: Int64, as id: BlobID) throws {
        try checkWritable()
        let leaf = directory(of: id)
        let branch = "\(root)/sha256/\(id.hex.prefix(2))"
        if try PosixFile.size(of: partialPath(of: id)) ?? 0 > 0 { suspect(id) }
        if try self.size(of: id) == size, try PosixFile.touch(self.path(of: id)) {
            try PosixFile.remove(path)
        } else {
            try makeDurable(branch, in: "\(root)/sha256")
            try makeDurable(leaf, in: branch)
            // From now on it is young, and no collector's business.
            _ = try PosixFile.touch(path)
            try PosixFile.rename(path, to: self.path(of: id))
        }
        try PosixFile.sync(directory: leaf)
    }

    /// Whether bytes may have left under this name that were never verified: a reader that holds the beginning of
    /// the blob from then must not be given the rest of it.
    func isSuspect(_ id: BlobID) -> Bool { state.withLock { $0.suspects.contains(id) } }

    /// Remembers, beyond a restart, that unverified bytes of a blob may have left and will not be verified any more.
    func suspect(_ id: BlobID) {
        guard state.withLock({ $0.suspects.insert(id).inserted }) else { return }
        // Without room for an entry the memory of this process has to do.
        try? PosixFile.createEmpty("\(root)/suspect/\(id.hex)")
        try? PosixFile.sync(directory: "\(root)/suspect")
    }

    /// Gives up what a download has received: its readers hold bytes that nobody will verify.
    /// - Parameter hasMore: whether there are bytes in the file besides those that are hashed.
    func discard(_ file: BlobFile, of id: BlobID, hasMore: Bool = false) {
        if file.count > 0 || hasMore { suspect(id) }
        removeLedger(of: file)
        file.discard()
    }

    /// Removes what tells the bytes of a partial file, which is whole or gone.
    func removeLedger(of file: BlobFile) { try? PosixFile.remove(RangeLedger.path(of: file.path)) }

    /// Makes the entries of partial files durable.
    func syncPartials() throws { try PosixFile.sync(directory: "\(root)/partial") }

    /// Takes a file with wrong bytes out of the way, and forgets the oldest beyond the limit.
    func quarantine(_ path: String, of id: BlobID) throws {
        suspect(id)
        let milliseconds = Int64(now().timeIntervalSince1970 * 1000)
        try PosixFile.rename(path, to: "\(root)/quarantine/\(id.hex).\(milliseconds)")
        func time(_ name: String) -> Int64 { name.split(separator: ".").last.flatMap { Int64($0) } ?? 0 }
        let newestFirst = try PosixFile.names(in: "\(root)/quarantine").sorted { time($0) > time($1) }
        for name in newestFirst.dropFirst(Self.quarantineLimit) { try PosixFile.remove("\(root)/quarantine/\(name)") }
    }

    /// The stored blobs whose name begins with the byte `prefix`, in order.
    func ids(beginningWith prefix: UInt8) throws -> [BlobID] {
        let branch = "\(root)/sha256/\(Hexadecimal.encode([prefix]))"
        return try PosixFile.names(in: branch).sorted().flatMap { leaf in
            try PosixFile.names(in: "\(branch)/\(leaf)").sorted().compactMap { BlobID($0) }
        }
    }

    /// Removes files of `incoming`, `partial` and `uploads` that nobody has written for `age` and nobody has locked.
    ///
    /// It needs no space, so it goes first where there is none.
    /// - Parameter isDryRun: whether they are only counted.
    /// - Returns: the files and their bytes.
    func reap(olderThan age: Duration, isDryRun: Bool = false) throws -> (files: Int, bytes: Int64) {
        let limit = now().addingTimeInterval(-Double(age.components.seconds))
        var removed = (files: 0, bytes: Int64(0))
        for directory in ["\(root)/incoming", "\(root)/partial", "\(root)/uploads"] {
            for name in try PosixFile.names(in: directory) {
                let path = "\(directory)/\(name)"
                // A ledger goes with its file; one without a file is a leftover like others.
                if name.hasSuffix(RangeLedger.suffix) {
                    let file = String(path.dropLast(RangeLedger.suffix.count))
                    guard try PosixFile.size(of: file) == nil else { continue }
                }
                guard let written = try PosixFile.modificationTime(of: path), written < limit else { continue }
                let bytes = try PosixFile.blocks(of: path)
                if isDryRun {
                    removed = (removed.files + 1, removed.bytes + bytes)
                    continue
                }
                // Whoever is writing holds the lock.
                guard let file = try BlobFile.openOrCreate(at: path) else { continue }
                if let id = BlobID(name), try file.length() > 0 { suspect(id) }
                removeLedger(of: file)
                try PosixFile.remove(file.path)
                removed = (removed.files + 1, removed.bytes + bytes)
            }
        }
        return removed
    }

    private func directory(of id: BlobID) -> String {
        "\(root)/sha256/\(id.hex.prefix(2))/\(id.hex.dropFirst(2).prefix(2))"
    }

    /// After this nothing is written by this process.
    func refuseWrites(because error: HubError) {
        state.withLock { state in
            state.failure = HubError(
                .storageCorrupt, "The blob store takes no writes since an error of the disk: \(error.message)",
                remedy: "Check the disk, restart, and verify the stored blobs.", status: 503)
        }
    }

    /// Makes a directory, and its entry in `parent` durable. One that exists may have been made a moment ago by
    /// somebody who has not synced it yet, so it is synced once by each process.
    private func makeDurable(_ path: String, in parent: String) throws {
        if state.withLock({ $0.durable.contains(path) }) { return }
        try PosixFile.makeDirectory(path)
        try PosixFile.sync(directory: parent)
        state.withLock { _ = $0.durable.insert(path) }
    }
}
