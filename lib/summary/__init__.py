"""What the book says when everything is computed: recorded results in, nothing judged again."""
