import HTTPTypes
import Testing

@testable import HubCore
@testable import HubServer

@Suite("Signed LFS links")
struct LFSLinkTests {
    @Test("S55: no two links share the input of their signature")
    func inputs() throws {
        let blobs = [try #require(BlobID(String(repeating: "1", count: 64))), BlobID(hashing: [2])]
        let numbers: [Int64] = [0, 1, 11, 111]
        var seen: Set<[UInt8]> = []
        var count = 0
        for operation in LFSLink.Operation.allCases {
            for blob in blobs {
                for size in numbers {
                    for part in numbers {
                        for partSize in numbers {
                            let link = LFSLink(operation, blob, size: size, part: part, partSize: partSize)
                            for (repository, token, expiry) in [(1, 11, 1), (11, 1, 1), (1, 1, 11)]
                                as [(Int64, Int64, Int64)]
                            {
                                seen.insert(LFSLinkSigner.input(link, repository, token, expiry))
                                count += 1
                            }
                        }
                    }
                }
            }
        }
        #expect(seen.count == count)
    }

    @Test("S55: a link does what it was signed for, and nothing else")
    func operations() async throws {
        let hub = try await TestHub()
        let signer = LFSLinkSigner(key: Array(repeating: 7, count: 32), clock: hub.clock)
        let routes = LFSSurface(
            authorizer: hub.authorizer, repositories: hub.repositories, identities: hub.identities, signer: signer,
            uploads: hub.uploads, locks: hub.locks
        ).routes
        let token = try await hub.token(for: "acme")
        try await hub.create("model:acme/demo")
        try await hub.create("model:acme/other")
        let principal = try #require(try await hub.identities.principal(token: token))
        let id = try #require(RepositoryID(parsing: "model:acme/demo"))
        let repository = try await hub.authorizer.open(principal, .contentWrite, id)
        let blob = BlobID(hashing: Array("weights".utf8))
        func put(_ query: String, _ repository: String = "acme/demo", _ body: String = "weights") async throws -> Int {
            try await hub.ask(
                routes, .put, "/\(repository)/info/lfs/objects/\(blob.hex)?\(query)", body: body
            ).status
        }
        for operation in LFSLink.Operation.allCases where operation != .upload {
            let query = signer.query(for: LFSLink(operation, blob, size: 7), in: repository)
            #expect(try await put(query) == 403, "\(operation)")
        }
        let query = signer.query(for: LFSLink(.upload, blob, size: 7), in: repository)
        #expect(try await put(query.replacing("size=7", with: "size=8"), "acme/demo", "weights8") == 403)
        #expect(try await put(query, "acme/other") == 403)
        #expect(try await put(query, "acme/demo", "weighty") == 422)
        #expect(try await put(query, "acme/demo", "weight") == 422)
        #expect(try await put("size=7") == 401)
        let download = try await hub.ask(routes, .get, "/acme/demo/info/lfs/objects/\(blob.hex)?\(query)")
        #expect(download.status == 403)
        #expect(try await hub.blobs.size(of: blob) == nil)
        #expect(try await put(query) == 200)
        #expect(try await put(query) == 200, "again")
        let stale = LFSLinkSigner(
            key: Array(repeating: 7, count: 32), clock: WallClock { TestHub.now - LFSLinkSigner.uploadLifetime * 1_000 }
        )
        #expect(try await put(stale.query(for: LFSLink(.upload, blob, size: 7), in: repository)) == 403)
    }
}
