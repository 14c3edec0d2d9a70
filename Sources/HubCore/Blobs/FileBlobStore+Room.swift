extension FileBlobStore {
    /// Bytes that are free on the disk, and bytes it has.
    package func space() throws -> (free: Int64, total: Int64) { try directory.space() }

    /// Bytes that have to be freed before so many more can be received beside what is on its way already; 0 when they
    /// fit.
    package func shortage(of bytes: Int64) throws -> Int64 {
        let (free, total) = try directory.space()
        let promised = downloads.promised.addingClamped(promises.bytes)
        let needed = max(0, bytes).addingClamped(promised).addingClamped(min(BlobDirectory.reserve, total / 20))
        return max(0, needed - max(0, free))
    }

    /// Whether somebody reads a blob here, or it arrives.
    package func isOpen(_ id: BlobID) -> Bool { leases.isHeld(id) }
}

extension FileBlobStore {
    /// The same for the download of a blob, of which some bytes may be here from an earlier attempt.
    package func shortage(of id: BlobID, size: Int64) throws -> Int64 {
        try shortage(of: size - min(size, try PosixFile.blocks(of: directory.partialPath(of: id))))
    }
}
