import Foundation
import Synchronization

/// Names who does jobs, and shows others of the same data directory whether it still lives: the kernel lets go of a
/// lock with its process, however that ends, so what a killed one did is taken up at once.
package final class JobOwner: Sendable {
    /// Unique to this process and start.
    package let name: String
    private let path: String
    private let descriptor: Mutex<CInt?>

    private static let suffix = ".owner"

    /// - Parameter folder: of the data directory; made when it is missing.
    /// - Throws: `HubError` when it cannot be written.
    package init(in folder: String) throws {
        let host = ProcessInfo.processInfo.hostName.utf8.prefix(20).filter(Self.isPlain)
        let random = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        let name =
            "\(String(decoding: host, as: UTF8.self))-\(ProcessInfo.processInfo.processIdentifier)-\(random)"
        self.name = name
        let path = "\(folder)/\(name)\(Self.suffix)"
        self.path = path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let descriptor = try FileFailure.check("open", path) { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
        self.descriptor = Mutex(descriptor)
    }

    deinit { end() }

    /// Says that nothing is done under this name any more.
    package func end() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            unlink(path)
            _ = close(open)
            descriptor = nil
        }
    }

    /// Whether an owner is known to be gone. One that left no trace here may live on another machine.
    package static func isGone(_ name: String, in folder: String) -> Bool {
        guard name.utf8.allSatisfy(isPlain) else { return false }
        let path = "\(folder)/\(name)\(suffix)"
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { _ = close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        unlink(path)
        return true
    }

    /// Removes what owners left that are gone.
    /// - Returns: their names.
    package static func sweep(_ folder: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
            .filter { isGone($0, in: folder) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: true
        default: false
        }
    }
}
