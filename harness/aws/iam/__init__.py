"""Who may do what: an evaluator of IAM policies of our own, for moto's cannot be used as a judge.

    documents    policies, read from JSON or from a scenario's statements
    globs        matching of actions and ARNs, where a part of the ARN may not be known
    variables    `${aws:username}` in resources and conditions
    operators    what each condition operator compares
    conditions   whether a Condition holds: yes, no, or nobody knows
    keys         the condition keys the gateway knows, one table
    contexts     the values of these keys for one call
    evaluating   all policies of one request to one decision
    denials      the words AWS refuses with
    pairs, arns  which actions on which resources a call needs (s3_pairs: those of S3)
    standing_for names that mean another resource
    holders      the policies of users and roles of the mocked account
    sessions     temporary keys, and whose they are
    unsigned     calls that nobody signed
    judging      the door for the gateway

What is not known never lets a call through: an operator, a key or a part of an ARN that is not known makes an Allow not
match and a Deny match, and the decision says so.
"""
