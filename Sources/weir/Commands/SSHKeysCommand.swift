import ArgumentParser
import Foundation
import HubCore

/// Prints what sshd's `AuthorizedKeysCommand` expects: who owns the key that was offered may run one thing.
struct SSHKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ssh-keys", abstract: "Tell sshd whose a key is (AuthorizedKeysCommand).",
        discussion: """
            In sshd_config:
              AuthorizedKeysCommand /usr/local/bin/weir ssh-keys --data /var/lib/weir %t %k
              AuthorizedKeysCommandUser weir
              AcceptEnv GIT_PROTOCOL
            Prints nothing for a key that nobody has.
            """)

    @Argument(help: "The offered key's type, %t.") var type: String
    @Argument(help: "The offered key in base64, %k.") var key: String
    @Option(help: ArgumentHelp("Where the hub is reached by HTTP, for git-lfs.", valueName: "url")) var url: String?
    @OptionGroup var data: DataOption

    func run() async throws {
        try await CommandFailure.report {
            let key = try SSHPublicKey(parsing: "\(type) \(key)")
            let hub = try await Hub(path: data.path)
            if let owner = try await hub.sshKeys.owner(of: key) {
                let folder = URL(fileURLWithPath: data.path).standardizedFileURL.path
                var words = [try Self.program(), "ssh", "--data", folder, "--user", owner.name]
                if let url { words += ["--url", url] }
                let command = words.map(Self.shellWord).joined(separator: " ")
                print("restrict,command=\"\(Self.escaped(command))\" \(key.line)")
            }
            await hub.close()
        }
    }

    private static func program() throws -> String {
        guard let path = Bundle.main.executablePath else {
            throw HubError(.internalError, "The path of this program cannot be found.")
        }
        return path
    }

    private static func shellWord(_ word: String) -> String {
        "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    /// As a quoted option of `authorized_keys` wants it.
    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
    }
}
