import Foundation
import HubCore
import Testing

@testable import MirrorGateway

@Suite("TLS", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct EgressTLSTests {
    @Test("S62: trusts a certificate only by the system's authorities or the configured one, and says so")
    func verification() async throws {
        let server = try await TLSServer.start()
        let client = EgressClient()
        let request = try get("https://127.0.0.1:\(server.port)/", purpose: .api)
        let trusting = local { $0.caFile = server.certificate }
        let response = try await client.send(request, via: trusting)
        #expect(response.status == 200)
        _ = try await response.body.collect(upTo: 1 << 20)

        let error = await failure { _ = try await client.send(request, via: local("wary")) }
        #expect(error?.code == .upstreamRefused)
        #expect(error?.message.contains("certificate is not trusted") == true)

        let name = try get("https://localhost:\(server.port)/", purpose: .api)
        let mismatch = await failure { _ = try await client.send(name, via: trusting) }
        #expect(mismatch?.code == .upstreamRefused)
    }
}
