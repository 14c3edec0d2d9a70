extension FileBlobStore {
    /// Where the file of a stored blob is, for a process that reads it by itself; nil when it is not stored.
    package func path(of id: BlobID) async throws -> String? {
        guard try await size(of: id) != nil else { return nil }
        return directory.path(of: id)
    }
}
