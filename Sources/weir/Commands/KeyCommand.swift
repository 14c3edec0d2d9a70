import ArgumentParser
import Foundation
import HubCore

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "SSH keys.", subcommands: [Add.self, List.self, Remove.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a user in by an SSH key.")

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
        static let configuration = CommandConfiguration(abstract: "Show a user's keys: id, fingerprint and name.")

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
        static let configuration = CommandConfiguration(abstract: "Take a key from a user.")

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
