extension BlobID {
    /// Reads a regular file to its end and names it. Blocks.
    /// - Returns: its name and its bytes; nil when there is no such file.
    /// - Throws: `storage-corrupt` when the disk fails, or it is no regular file.
    package static func ofFile(at path: String) throws -> (id: BlobID, bytes: Int64)? {
        let file: OpenFile
        do {
            file = try OpenFile(path: path)
        } catch let error as HubError where error.code == .notFound {
            return nil
        }
        let hashing = BlobHashing(file)
        while try hashing.next(FileBlobStore.slice) {}
        return (hashing.digest, file.size)
    }
}
