extension TagCatalogue {
    /// Numbers of rows, as dataset cards give them.
    static let sizes = [
        "n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B", "1B<n<10B",
        "10B<n<100B", "100B<n<1T", "n>1T",
    ]

    static let industries = [
        "Automotive", "Manufacturing", "Energy", "Telecommunications and Electronic Information",
        "Transportation and Logistics", "Construction and Real Estate", "Financial Services", "Agriculture",
        "Chemical Industry", "Environmental Protection", "Healthcare and Medical Services", "Education and Training",
        "Food and Beverage", "Retail and Consumer Goods", "Tourism and Hospitality", "Information Technology (IT)",
        "Culture and Entertainment",
    ]

    /// What MCP servers are for.
    static let serverTasks = [
        "Art & Culture", "Browser Automation", "Cloud Platforms", "Cloud Storage", "Communication",
        "Customer Data Platforms", "Customer Support", "Databases", "Developer Tools", "E-commerce & Retail",
        "Education & Learning Tools", "File Systems", "Finance", "Healthcare", "Image & Video Processing",
        "Knowledge & Memory", "Language Translation", "Location Services", "Marketing", "Monitoring", "Note Taking",
        "OS Automation", "Research & Data", "Search", "Security", "Social Media", "Version Control",
    ]

    static let programmingLanguages = ["TypeScript", "Python", "Go", "Java", "Rust", "C#", "Kotlin"]
    static let serverModes = ["Local", "Remote", "Hybrid"]
    static let publishers = ["Official", "Claimed"]
    static let skillTasks = ["agentichub-skills"]
}
