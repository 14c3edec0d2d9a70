import ArgumentParser
import Foundation
import HubCore
import MirrorGateway

/// How the server scans what it stores.
struct ScanningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many files are scanned at once in the background; 0 for only those that somebody waits for.",
            valueName: "count"))
    var scanWorkers = 1
    @Option(
        help: ArgumentHelp(
            "The socket of ClamAV's clamd, which looks for malware; WEIR_CLAMD_SOCKET by default.", valueName: "path"))
    var clamdSocket: String?

    func settings() throws -> ScanningSettings {
        guard (0...16).contains(scanWorkers) else {
            throw HubError(.badRequest, "0 to 16 files can be scanned at once, not \(scanWorkers).")
        }
        var settings = ScanningSettings()
        settings.workers = scanWorkers
        let named = clamdSocket ?? ProcessInfo.processInfo.environment["WEIR_CLAMD_SOCKET"]
        settings.clamdSocket = named.flatMap { $0.isEmpty ? nil : $0 }
        if let path = settings.clamdSocket, !path.hasPrefix("/") {
            throw HubError(
                .badRequest, "'\(path)' is no socket of clamd.",
                remedy: "Name a local socket by its whole path, as /run/clamav/clamd.ctl; addresses are not taken.")
        }
        return settings
    }
}
