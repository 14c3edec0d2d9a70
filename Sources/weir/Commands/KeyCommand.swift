import ArgumentParser
import Foundation
import HubCore

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "SSH keys of users, and the keys with which this hub signs.",
        subcommands: [Add.self, List.self, Remove.self, Signing.self, Rotate.self])

    struct Signing: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "signing", abstract: "Show the public keys of all that was signed here, the newest first.")

        @Flag(help: "Print the keys alone, in PEM form.") var pem = false
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                for algorithm in SigningAlgorithm.allCases {
                    try await hub.knownKeys.note(hub.signingKeys.current(algorithm).publicKey, owner: "hub")
                }
                for known in try await hub.knownKeys.all() {
                    if pem {
                        print(known.key.pem, terminator: "")
                    } else {
                        let end = known.supersededAt.map { "until \(JSONDate.text(milliseconds: $0))" } ?? "signs now"
                        print(
                            "\(known.key.id) \(known.key.algorithm.rawValue) \(known.owner) since "
                                + "\(JSONDate.text(milliseconds: known.firstUsedAt)), \(end)")
                    }
                }
                await hub.close()
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Make a new key with which this hub signs from now on.",
            discussion: """
                What older keys signed stays verifiable. A running server takes the new key at once. A key file that a
                mirror names is replaced by hand, and taken when the policy is read again.
                """)

        @Option(help: "ed25519 for statements, or ecdsa-p256 for model signing.") var algorithm = "ed25519"
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                guard let algorithm = SigningAlgorithm(rawValue: algorithm) else {
                    throw HubError(
                        .badRequest, "'\(algorithm)' is no algorithm.", remedy: "Write ed25519 or ecdsa-p256.")
                }
                let hub = try await Hub(path: data.path)
                // The one before is noted too, so that when it ended is known.
                try await hub.knownKeys.note(hub.signingKeys.current(algorithm).publicKey, owner: "hub")
                let key = try hub.signingKeys.rotate(algorithm)
                try await hub.knownKeys.note(key.publicKey, owner: "hub")
                print(key.publicKey.id)
                await hub.close()
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "add", abstract: "Let a user in by an SSH key.")

        @Option(help: "Whose key it is.") var user: String
        @Option(help: "The public key, as in ~/.ssh/id_ed25519.pub.") var file: String
        @Option(help: "A name to know it by; the key's comment otherwise.") var name: String?
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                guard let text = FileManager.default.contents(atPath: file).map({ String(decoding: $0, as: UTF8.self) })
                else { throw HubError(.notFound, "The file \(file) cannot be read.") }
                let key = try SSHPublicKey(parsing: text)
                let hub = try await Hub(path: data.path)
                guard let owner = try await hub.identities.user(named: user) else {
                    throw HubError(
                        .notFound, "There is no user called '\(user)'.", remedy: "Make one with 'weir user create'.")
                }
                try await hub.sshKeys.add(key, to: owner, name: name ?? key.comment)
                print("SHA256:\(key.fingerprint)")
                await hub.close()
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show a user's keys: id, fingerprint and name.")

        @Option(help: "Whose keys.") var user: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                let owner = try await KeyCommand.owner(user, hub)
                for key in try await hub.sshKeys.list(of: owner) {
                    print("\(String(key.id, radix: 16)) SHA256:\(key.fingerprint) \(key.name)")
                }
                await hub.close()
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take a key from a user.")

        @Argument(help: "The key's id, as 'weir key list' shows it.") var id: String
        @Option(help: "Whose key it is.") var user: String
        @OptionGroup var data: DataOption

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: data.path)
                let owner = try await KeyCommand.owner(user, hub)
                guard let number = Int64(id, radix: 16) else {
                    throw HubError(.notFound, "'\(user)' has no such key.")
                }
                try await hub.sshKeys.remove(number, of: owner)
                await hub.close()
            }
        }
    }

    private static func owner(_ name: String, _ hub: Hub) async throws -> User {
        guard let owner = try await hub.identities.userRecord(named: name)?.user else {
            throw HubError(.notFound, "There is no user called '\(name)'.")
        }
        return owner
    }
}
