import Foundation
import HubCore

/// A password from standard input: never from the arguments, which everybody on the machine can read.
enum PasswordInput {
    /// The first line; at a terminal without showing it.
    /// - Throws: `.badRequest` when there is none.
    static func read() throws -> Secret {
        let isTerminal = isatty(STDIN_FILENO) == 1
        var before = termios()
        if isTerminal {
            FileHandle.standardError.write(Data("Password: ".utf8))
            tcgetattr(STDIN_FILENO, &before)
            var silent = before
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        }
        let line = readLine(strippingNewline: true)
        if isTerminal {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        guard let line, !line.isEmpty else {
            throw HubError(.badRequest, "There is no password on standard input.")
        }
        return Secret(line)
    }
}
