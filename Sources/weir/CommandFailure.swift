import ArgumentParser
import Foundation
import HubCore
import MirrorGateway

/// How commands end when something is wrong: one line on standard error and a code that scripts can tell apart.
enum CommandFailure {
    static let corrupt = ExitCode(65)
    static let notFound = ExitCode(66)
    static let refused = ExitCode(77)
    static let misconfigured = ExitCode(78)

    /// Runs a command's body, turning what it throws into a message and a code.
    static func report<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as HubError {
            complain(error.line)
            throw code(for: error)
        } catch let error as PolicyLoadFailure {
            for problem in error.problems { complain(problem, prefix: "") }
            throw misconfigured
        } catch let code as ExitCode {
            throw code
        } catch {
            complain("\(error)")
            throw ExitCode.failure
        }
    }

    /// The same for what does not wait for anything.
    static func reportNow<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as HubError {
            complain(error.line)
            throw code(for: error)
        }
    }

    static func complain(_ message: String, prefix: String = "weir: ") {
        FileHandle.standardError.write(Data("\(prefix)\(message)\n".utf8))
    }

    private static func code(for error: HubError) -> ExitCode {
        switch error.code {
        case .badRequest, .unprocessable, .conflict: ExitCode(64)
        case .storageCorrupt, .upstreamCorrupt: corrupt
        case .repositoryNotFound, .revisionNotFound, .entryNotFound, .blobNotFound, .notFound, .offline: notFound
        case .policyDenied, .policyReview, .buried, .forbidden, .gated, .authenticationRequired, .invalidCredentials,
            .quotaExceeded:
            refused
        default: .failure
        }
    }
}
