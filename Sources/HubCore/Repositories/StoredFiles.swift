/// Whether the file of a blob or xorb lies where it belongs, asked inside a transaction.
///
/// The collector removes a file in the transaction in which it finds that nothing names it. Whoever begins to name one
/// asks here in his own transaction: either the collector sees the new name, or the new name sees that the file is gone.
package struct StoredFiles: Sendable {
    let hasBlob: @Sendable (BlobID) throws -> Bool
    let hasXorb: @Sendable (XetHash) throws -> Bool

    /// - Parameters:
    ///   - blobs: where blobs are.
    ///   - xet: the folder of xorbs.
    package init(blobs: FileBlobStore, xet: String) {
        let directory = blobs.directory
        hasBlob = { try directory.size(of: $0) != nil }
        hasXorb = { try PosixFile.size(of: XorbDirectory.path(of: $0, below: xet)) != nil }
    }

    func require(_ blob: BlobID) throws {
        guard try hasBlob(blob) else { throw Self.gone("object \(blob.hex)") }
    }

    func require(_ xorb: XetHash) throws {
        guard try hasXorb(xorb) else { throw Self.gone("xorb \(xorb.text)") }
    }

    /// Clients send it again after a 503, and then it stays.
    static func gone(_ what: String) -> HubError {
        HubError(
            .conflict, "The \(what) was removed the moment before it was wanted.", remedy: "Send it again.",
            status: 503, retryAfter: 1)
    }
}
