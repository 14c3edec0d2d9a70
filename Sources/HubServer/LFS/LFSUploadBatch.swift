import HubCore

extension LFSSurface {
    /// Answers a batch that uploads: which objects to send, how and where.
    func uploadBatch(_ batch: LFSBatchRequest, to repository: Repository, base: String) async throws -> HubResponse {
        let needs = try await uploads.needs(batch.objects.compactMap(\.pointer), of: repository)
        let sizes = needs.compactMap { pointer, need in
            if case .bytes = need { pointer.size } else { nil }
        }
        let transfer = UploadTransfer.choose(offers: batch.transfers, sizes: sizes, needsParts: batch.needsParts)
        let answers = batch.objects.map { object -> LFSBatchAnswer in
            guard let pointer = object.pointer, let need = needs[pointer] else { return .malformed }
            switch need {
            case .present: return .present
            case .refused(let error): return .error(code: LFSErrorRendering.status(of: error), message: error.line)
            case .bytes:
                let verify = action("verify", LFSLink(.verify, pointer.oid, size: pointer.size), repository, base)
                return .actions([
                    upload(pointer, by: transfer, among: sizes.count, repository: repository, base: base), verify,
                ])
            }
        }
        return Self.render(batch.objects, answers, transfer: transfer)
    }

    private func upload(
        _ pointer: LFSPointer, by transfer: UploadTransfer, among count: Int, repository: Repository, base: String
    ) -> LFSAction {
        switch transfer {
        case .basic: return action("upload", LFSLink(.upload, pointer.oid, size: pointer.size), repository, base)
        case .tus: return action("upload", LFSLink(.tus, pointer.oid, size: pointer.size), repository, base)
        case .multipart:
            let layout = PartLayout(proposedFor: pointer.size, among: count)
            func link(_ operation: LFSLink.Operation, part: Int = 0) -> LFSLink {
                LFSLink(
                    operation, pointer.oid, size: pointer.size, part: Int64(part), partSize: layout.partSize)
            }
            var upload = action("upload", link(.complete), repository, base)
            // Clients read the names that are numbers as parts (wire/huggingface.md §5); all values are texts.
            upload.headers = [("chunk_size", String(layout.partSize))]
            for number in 1..<(layout.count + 1) {
                upload.headers.append((String(number), href(of: link(.part, part: number), repository, base)))
            }
            return upload
        }
    }

    private func action(_ name: String, _ link: LFSLink, _ repository: Repository, _ base: String) -> LFSAction {
        LFSAction(name: name, href: href(of: link, repository, base), expiresIn: link.lifetime)
    }

    /// - Parameter base: the URL of the objects, with a slash at the end.
    private func href(of link: LFSLink, _ repository: Repository, _ base: String) -> String {
        let path =
            switch link.operation {
            case .download, .upload: link.blob.hex
            case .verify: "\(link.blob.hex)/verify"
            case .tus: "\(link.blob.hex)/tus"
            case .part: "\(link.blob.hex)/parts/\(link.part)"
            case .complete: "\(link.blob.hex)/complete"
            }
        return "\(base)\(path)?\(signer.query(for: link, in: repository))"
    }
}
