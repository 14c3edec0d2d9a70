import Foundation

/// Held by the one collector of a data directory; a process that dies gives it back.
final class ReclaimLock: Sendable {
    private let file: BlobFile

    /// - Throws: `.conflict` when somebody has it.
    init(below data: String) throws {
        guard let file = try BlobFile.openOrCreate(at: "\(data)/gc.lock") else {
            throw HubError(
                .conflict, "Another process is collecting garbage in this data directory.", remedy: "Try again later.")
        }
        self.file = file
    }
}
