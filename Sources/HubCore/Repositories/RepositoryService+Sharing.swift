extension RepositoryService {
    /// Makes a large file of one repository another's as well, to be named by a commit there. No byte is copied.
    /// - Parameters:
    ///   - source: opened for `.contentRead`; local or a mirror.
    ///   - target: opened for `.contentWrite`, or for `.discuss` by who will propose the file.
    /// - Throws: `.blobNotFound` when it is not the source's to give; what the gate decides; `.unprocessable` when a
    ///   mirror's file is not stored here yet; `.quotaExceeded`.
    package func share(_ blob: BlobID, of source: Repository, with target: Repository) async throws {
        guard source.verb == .contentRead else {
            throw HubError(.internalError, "\(source.id) was opened to \(source.verb.rawValue), not to read.")
        }
        guard target.verb == .contentWrite || target.contributor != nil, !target.isMirror else {
            throw HubError(.internalError, "\(target.id) was opened to \(target.verb.rawValue), not to write.")
        }
        guard let link = try await lfsLinks(to: [LFSPointer(oid: blob, size: 0)], of: source)[blob] else {
            throw HubError(.blobNotFound, "The LFS object \(blob.hex) is not in \(source.id).")
        }
        try await authorize(link, of: source)
        guard let size = try await blobs.size(of: blob), try await store.isProved(blob, for: source) else {
            throw HubError(
                .unprocessable, "The LFS object \(blob.hex) of \(source.id) is not stored here.",
                remedy: source.isMirror ? "Download it once, then copy it." : nil)
        }
        guard try await store.provedSizes(of: [blob], in: target)[blob] == nil else { return }
        try await store.quotas.holding(for: target) { hold in
            try await hold.cover(size, isWhole: true)
            try await store.noteArrival(
                of: LFSPointer(oid: blob, size: size), in: target, endingReservation: hold.name)
        }
    }
}
