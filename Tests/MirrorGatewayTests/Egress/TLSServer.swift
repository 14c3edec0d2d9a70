import Foundation

/// openssl's test server with a certificate of its own, listening by the time it can be used.
final class TLSServer {
    let port: Int
    /// PEM file of the self-signed certificate for 127.0.0.1.
    let certificate: String
    private let folder: URL
    private let process: Process

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Throws: what openssl said, when it did not listen three times over.
    static func start() async throws -> TLSServer {
        for _ in 0..<2 {
            if let server = try? await TLSServer() { return server }
        }
        return try await TLSServer()
    }

    private init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "egress-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = folder.appending(path: "key.pem").path
        certificate = folder.appending(path: "cert.pem").path
        let said = folder.appending(path: "said")
        // Below the range from which the system gives ports to the other tests' servers and connections.
        port = Int.random(in: 21_000..<32_000)
        let request = try Self.openssl(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ], sayingTo: said)
        while request.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        guard request.terminationStatus == 0 else { throw Failure(description: Self.text(said)) }
        process = try Self.openssl(
            ["s_server", "-accept", "127.0.0.1:\(port)", "-key", key, "-cert", certificate, "-www", "-quiet"],
            sayingTo: said)
        for _ in 0..<400 where process.isRunning {
            if Self.isListening(port) { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw Failure(description: "openssl s_server does not listen at \(port): \(Self.text(said))")
    }

    deinit {
        if process.isRunning { process.terminate() }
        try? FileManager.default.removeItem(at: folder)
    }

    private static func openssl(_ arguments: [String], sayingTo file: URL) throws -> Process {
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: file)
        try process.run()
        return process
    }

    private static func text(_ file: URL) -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

    /// Looked up where the kernel keeps it, for a connection would take the server's one place.
    private static func isListening(_ port: Int) -> Bool {
        let local = " 0100007F:" + String(port, radix: 16, uppercase: true) + " 00000000:0000 0A "
        guard let table = FileManager.default.contents(atPath: "/proc/net/tcp") else { return true }
        return String(decoding: table, as: UTF8.self).contains(local)
    }
}
