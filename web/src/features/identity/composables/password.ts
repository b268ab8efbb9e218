export const SHORTEST_PASSWORD = 10

export interface Strength {
  /** 0 (too short) to 4. */
  score: number
  hint: string
}

const COMMON = /password|passwort|qwert|12345|abcd|letmein|hothouse|admin|welcome/i

/** Rate a password by length and variety: a hint for the person typing, not a rule of the hub's. */
export function passwordStrength(password: string, known: string[] = []): Strength {
  if (password.length < SHORTEST_PASSWORD) {
    const missing = SHORTEST_PASSWORD - password.length
    return { score: 0, hint: `${missing} more character${missing === 1 ? '' : 's'} at least` }
  }
  const variety = new Set(password).size
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((pattern) => pattern.test(password)).length
  const lower = password.toLowerCase()
  const isGuessable =
    COMMON.test(password) || known.some((word) => word.length > 2 && lower.includes(word.toLowerCase()))
  if (isGuessable || variety < 6)
    return { score: 1, hint: 'Easy to guess: avoid common words, names and repetition' }
  const bits =
    Math.min(variety, password.length) * (2 + classes * 0.6) + (password.length - SHORTEST_PASSWORD) * 2
  if (bits < 30) return { score: 2, hint: 'Fair: a few more words make it strong' }
  if (bits < 42) return { score: 3, hint: 'Good' }
  return { score: 4, hint: 'Strong' }
}
