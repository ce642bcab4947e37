namespace UniversalFlows;

/// <summary>
/// Bad input of a user: a formula, a domain, a name, a file. <see cref="Exception.Message"/> is one line that says what is wrong, where,
/// and what would be right.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>An error with a general message; prefer the overload that says where.</summary>
    public InputException() : base("the input is not valid")
    {
    }

    /// <summary>An error that concerns the input as a whole.</summary>
    public InputException(string message) : base(message)
    {
    }

    /// <summary>An error with the exception that revealed it.</summary>
    public InputException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>An error at a place of a text.</summary>
    /// <param name="message">One line: what is wrong, where, what would be right.</param>
    /// <param name="source">The text as the user wrote it.</param>
    /// <param name="column">The place in it, counted from 1; null: the text as a whole.</param>
    public InputException(string message, string? source, int? column) : base(message)
    {
        Text = source;
        Column = column;
    }

    /// <summary>The text in question, if there is one.</summary>
    public string? Text { get; }

    /// <summary>The column of the error in <see cref="Text"/>, from 1.</summary>
    public int? Column { get; }
}
