import Crypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Which bytes of a download are in its file, where they did not come in order: a small file beside the partial one.
///
/// It is written after each write that it tells of, so a killed process loses the bytes that were between a socket and
/// the file, and no more. It has two lists: what a sync has made durable, and what was written since this machine was
/// started; after a power cut, which the boot id tells, the first alone counts. Two slots are written in turn, each with
/// its own digest, so a torn write leaves the one before. Nothing here is proof of anything: it only says what is not
/// fetched again, and the SHA-256 of the whole decides about all of it.
///
/// `@unchecked Sendable`: used by one job after the other.
final class RangeLedger: @unchecked Sendable {
    /// Bytes of a slot.
    static let slotSize = 8 << 10
    /// Ranges of each list that are written; beyond them the last ones are fetched again.
    static let limit = 240
    private static let magic: [UInt8] = Array("weir-rng".utf8)

    private let path: String
    private let descriptor: CInt
    private let size: Int64
    private let inode: UInt64
    private var sequence: UInt64
    private(set) var durable: ByteRanges

    private init(
        path: String, descriptor: CInt, size: Int64, inode: UInt64, sequence: UInt64, durable: ByteRanges
    ) {
        self.path = path
        self.descriptor = descriptor
        self.size = size
        self.inode = inode
        self.sequence = sequence
        self.durable = durable
    }

    deinit { _ = close(descriptor) }

    /// Where the ledger of a partial file is.
    static func path(of partial: String) -> String { partial + suffix }
    static let suffix = ".ranges"

    /// Makes an empty ledger in place of any that is there.
    /// - Parameter size: bytes that the blob will have.
    static func create(for file: BlobFile, size: Int64) throws -> RangeLedger {
        let path = path(of: file.path)
        let descriptor = try FileFailure.check("creation", path) {
            systemOpen(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW)
        }
        return RangeLedger(
            path: path, descriptor: descriptor, size: size, inode: try file.inode(), sequence: 0,
            durable: ByteRanges())
    }

    /// Opens the ledger of a file.
    /// - Returns: nil when there is none that speaks of this file and blob; otherwise what of the file may be used.
    static func open(for file: BlobFile, size: Int64) throws -> (ledger: RangeLedger, present: ByteRanges)? {
        let path = path(of: file.path)
        let bytes: [UInt8]
        do {
            bytes = try OpenFile(path: path).read(at: 0, count: slotSize * 2)
        } catch let error as HubError where error.code == .notFound {
            return nil
        }
        let inode = try file.inode()
        let slots = [bytes.prefix(slotSize), bytes.dropFirst(slotSize)].compactMap { decode(Array($0)) }
        guard let newest = slots.filter({ $0.size == size && $0.inode == inode }).max(by: { $0.sequence < $1.sequence })
        else { return nil }
        let survived = newest.boot == bootID && bootID != unknownBoot
        var present = ByteRanges(newest.durable.ranges + (survived ? newest.written.ranges : []))
        present.remove(from: min(size, try file.length()))
        let descriptor = try FileFailure.check("opening", path) { systemOpen(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW) }
        return (
            RangeLedger(
                path: path, descriptor: descriptor, size: size, inode: inode, sequence: newest.sequence,
                durable: newest.durable), present
        )
    }

    /// Writes down what is in the file.
    /// - Parameter durable: what a sync that has returned was begun after; nil when there was none since.
    func record(_ written: ByteRanges, durable synced: ByteRanges? = nil) throws {
        if let synced { durable = synced }
        sequence += 1
        let slot = Slot(
            sequence: sequence, size: size, inode: inode, boot: Self.bootID, written: written, durable: durable)
        let bytes = Self.encode(slot)
        let offset = off_t(sequence % 2) * off_t(Self.slotSize)
        var done = 0
        while done < bytes.count {
            done += try bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
                return try FileFailure.check("write", path) {
                    pwrite(descriptor, rest.baseAddress, rest.count, offset + off_t(done))
                }
            }
        }
    }

    func sync() throws { try FileFailure.check("fsync", path) { fsync(descriptor) } }

    // MARK: What a slot looks like

    private struct Slot {
        var sequence: UInt64
        var size: Int64
        var inode: UInt64
        var boot: [UInt8]
        var written: ByteRanges
        var durable: ByteRanges
    }

    /// Magic, sequence, size, inode, boot id, two counts, the ranges, and the SHA-256 of all that.
    private static func encode(_ slot: Slot) -> [UInt8] {
        var bytes = magic
        func append(_ number: UInt64) { bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        append(slot.sequence)
        append(UInt64(bitPattern: slot.size))
        append(slot.inode)
        bytes += slot.boot
        let lists = [slot.written.ranges.prefix(limit), slot.durable.ranges.prefix(limit)]
        for list in lists { append(UInt64(list.count)) }
        for range in lists.joined() {
            append(UInt64(bitPattern: range.lowerBound))
            append(UInt64(bitPattern: range.upperBound))
        }
        return bytes + Array(SHA256.hash(data: bytes))
    }

    private static func decode(_ bytes: [UInt8]) -> Slot? {
        guard bytes.count >= 64, Array(bytes.prefix(magic.count)) == magic else { return nil }
        var position = magic.count
        func number() -> UInt64? {
            guard position + 8 <= bytes.count else { return nil }
            defer { position += 8 }
            return (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
        }
        guard let sequence = number(), let size = number(), let inode = number(), position + 16 <= bytes.count
        else { return nil }
        let boot = Array(bytes[position..<position + 16])
        position += 16
        guard let writtenCount = number(), let durableCount = number(), writtenCount <= limit, durableCount <= limit
        else { return nil }
        var ranges: [Range<Int64>] = []
        for _ in 0..<(writtenCount + durableCount) {
            guard let low = number(), let high = number(), low < high, high <= size, size <= UInt64(Int64.max)
            else { return nil }
            ranges.append(Int64(low)..<Int64(high))
        }
        guard position + 32 <= bytes.count,
            Array(SHA256.hash(data: bytes.prefix(position))) == Array(bytes[position..<position + 32])
        else { return nil }
        return Slot(
            sequence: sequence, size: Int64(bitPattern: size), inode: inode, boot: boot,
            written: ByteRanges(ranges.prefix(Int(writtenCount))),
            durable: ByteRanges(ranges.dropFirst(Int(writtenCount))))
    }

    private static let unknownBoot = [UInt8](repeating: 0, count: 16)

    /// Changes when the machine starts; all zero where nobody knows, and then only what was synced counts.
    private static let bootID: [UInt8] = {
        guard let file = try? OpenFile(path: "/proc/sys/kernel/random/boot_id"),
            let text = try? file.read(at: 0, count: 64)
        else { return unknownBoot }
        return Array(SHA256.hash(data: text).prefix(16))
    }()
}

/// `open` by another name: inside the type its own method hides it.
private func systemOpen(_ path: String, _ flags: CInt) -> CInt { open(path, flags, 0o600) }
