import Foundation
import HubCore
import Testing

@testable import MirrorGateway

@Suite("TLS", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct EgressTLSTests {
    private static func openssl(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test("trusts a certificate only by the system's authorities or the configured one, and says so")
    func verification() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "egress-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = folder.appending(path: "key.pem").path
        let certificate = folder.appending(path: "cert.pem").path
        try Self.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ]).waitUntilExit()
        // Below the range from which the system gives ports to the other tests' servers and connections.
        let port = Int.random(in: 21_000..<32_000)
        let server = try Self.openssl([
            "s_server", "-accept", "127.0.0.1:\(port)", "-key", key, "-cert", certificate, "-www", "-quiet",
        ])
        defer { server.terminate() }

        let client = EgressClient()
        let request = try get("https://127.0.0.1:\(port)/", purpose: .api)
        let trusting = local {
            $0.caFile = certificate
            $0.retries = RetryPolicy(
                maxAttempts: 400, initialBackoff: .milliseconds(50), maximumBackoff: .milliseconds(50))
            $0.breaker.failures = 1_000
        }
        let response = try await client.send(request, via: trusting)
        #expect(response.status == 200)
        _ = try await response.body.collect(upTo: 1 << 20)

        let error = await failure { _ = try await client.send(request, via: local("wary")) }
        #expect(error?.code == .upstreamRefused)
        #expect(error?.message.contains("certificate is not trusted") == true)

        let name = try get("https://localhost:\(port)/", purpose: .api)
        let mismatch = await failure { _ = try await client.send(name, via: trusting) }
        #expect(mismatch?.code == .upstreamRefused)
    }
}
