import HubCore

/// What is wrong with the metadata of a README, and in which line.
enum CardProblems {
    struct Problem: Sendable, Equatable {
        /// Of the README, from 1.
        let line: Int?
        let text: String
    }

    static func of(_ readme: [UInt8]) -> [Problem] {
        do {
            try Card.validate(readme: readme)
            return []
        } catch let error as HubError {
            let text = error.message.replacing("Invalid metadata in README.md: ", with: "")
            return [Problem(line: line(in: text), text: text)]
        } catch {
            return []
        }
    }

    /// Where the parser stopped, as it writes it: `12:5: error: …`; the block begins behind the README's first line.
    private static func line(in text: String) -> Int? {
        guard let match = text.firstMatch(of: /(?:^|\s|line )(\d{1,6})[:,]/), let line = Int(match.1) else {
            return nil
        }
        return line + 1
    }
}
